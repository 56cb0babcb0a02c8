package tabular

import (
	"strings"
	"testing"
	"time"
)

func TestExchange(t *testing.T) {
	for layout, want := range map[string]string{
		"02/01/2006": "01/02/2006", "01/02/2006 15:04:05": "02/01/2006 15:04:05", "2.1.2006": "1.2.2006",
		"02-01-06 15:04": "01-02-06 15:04", "2006-01-02": "", "20060102": "", "02 Jan 2006": "", "unix": "",
		"15:04 02/01/2006": "15:04 01/02/2006", "2006/01/02": "", "15:04:05": "",
	} {
		got, ok := exchange(layout)
		if got != want || ok != (want != "") {
			t.Errorf("%s: %q, want %q", layout, got, want)
		}
	}
}

// TestDateOrders: what is seen of a column whose days could be read the other way, unless the study is sure of it.
func TestDateOrders(t *testing.T) {
	fields := []Field{{Name: "a", Kind: Date}, {Name: "b", Kind: DateTime}}
	m := Mapping{Columns: map[string]any{"a": "a", "b": "b"}, Date: "02/01/2006", DateTime: "2006-01-02 15:04"}
	read := func() (n int) {
		const text = "a;b\n09/07/2025;2025-07-09 08:00\n10/07/2025;2025-07-10 08:00\n"
		rows, err := Open(strings.NewReader(text), &m, fields, time.UTC, nil)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			n++
		}
		return len(rows.DateOrders())
	}
	if n := read(); n != 1 {
		t.Errorf("%d columns could be read the other way, want 1", n)
	}
	m.DatesSure = true
	if n := read(); n != 0 {
		t.Errorf("%d columns could be read the other way, and the study is sure", n)
	}
	m.Date = "02/01/2006|01/02/2006"
	if err := m.Check(); err == nil || !strings.Contains(err.Error(), "exchanged") {
		t.Errorf("both orders: %v", err)
	}
}
