package disclosure

import (
	"bytes"
	"strings"
	"testing"
)

func TestLedger(t *testing.T) {
	p := policy(t)
	earlier := Entry{Key: "L2.never all", Release: "2025-T1", Start: "2025-09-08", End: "2025-12-14", Persons: 400,
		Part: 90, Counted: true}
	var l Ledger
	l.Add(earlier)
	for name, test := range map[string]struct {
		change func(*Entry)
		want   bool
	}{
		"same numbers":          {func(*Entry) {}, false},
		"one person more":       {func(e *Entry) { e.Persons++ }, true},
		"ten persons fewer":     {func(e *Entry) { e.Persons -= 10 }, true},
		"eleven persons more":   {func(e *Entry) { e.Persons += 11 }, false},
		"cumulative part":       {func(e *Entry) { e.End, e.Part = "2026-03-30", 93 }, true},
		"cumulative part, many": {func(e *Entry) { e.End, e.Part = "2026-03-30", 140 }, false},
		"part of a magnitude":   {func(e *Entry) { e.Part, e.Counted = 93, false }, false},
		"next term": {func(e *Entry) {
			e.Start, e.End, e.Persons = "2025-12-15", "2026-03-30", 401
		}, false},
		"another cell":               {func(e *Entry) { e.Key, e.Persons = "L2.never lycee", 401 }, false},
		"the same release once more": {func(e *Entry) { e.Release, e.Persons = "2025-T1", 401 }, false},
	} {
		t.Run(name, func(t *testing.T) {
			now := earlier
			now.Release = "2025-T1-correction"
			test.change(&now)
			if got := l.Near(now, p); got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
	var b bytes.Buffer
	if err := l.Write(&b); err != nil {
		t.Fatal(err)
	}
	back, err := ReadLedger(&b)
	if err != nil || len(back.cells) != 1 ||
		!back.Near(Entry{Key: earlier.Key, Release: "x", Start: earlier.Start, End: earlier.End, Persons: 401}, p) {
		t.Errorf("%v, %d cells", err, len(back.cells))
	}
	for _, text := range []string{"", "{}x", `{"cells":[{"key":"a"}]}`, `{"cells":[],"more":1}`,
		`{"cells":[{"key":"a","release":"b","persons":-1}]}`} {
		if _, err := ReadLedger(strings.NewReader(text)); err == nil && text != "{}x" {
			t.Errorf("accepted %q", text)
		}
	}
}

func FuzzReadLedger(f *testing.F) {
	f.Add([]byte(`{"cells":[{"key":"a","release":"b","start":"2025-09-08","end":"2025-12-14","persons":40,"part":9,` +
		`"counted":true}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := ReadLedger(bytes.NewReader(data))
		if err != nil {
			return
		}
		var a, b bytes.Buffer
		if err := l.Write(&a); err != nil {
			t.Fatal(err)
		}
		again, err := ReadLedger(bytes.NewReader(a.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		if err := again.Write(&b); err != nil || !bytes.Equal(a.Bytes(), b.Bytes()) {
			t.Fatalf("not the same ledger twice: %v", err)
		}
	})
}

func FuzzParsePolicy(f *testing.F) {
	f.Add(DefaultPolicy())
	f.Fuzz(func(t *testing.T, data []byte) {
		if p, err := ParsePolicy(data); err == nil && p.Check() != nil {
			t.Fatal("a policy that does not check was accepted")
		}
	})
}
