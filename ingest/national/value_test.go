package national

import (
	"bytes"
	"context"
	"strings"
	"testing"
)

func TestCount(t *testing.T) {
	for text, want := range map[string]int64{
		"0": 0, "7": 7, " 12 ": 12, "12.0": 12, "12,00": 12, "1 234 567": 1234567, "1\u00a0234": 1234,
		"1,234,567": 1234567,
		"1.234.567": 1234567, "1'234": 1234, "": null, "N/A": null, "n/a": null, "null": null, "2147483648": 1 << 31,
	} {
		if n, ok := count([]byte(text)); !ok || n != want {
			t.Errorf("%q: %d, %v", text, n, ok)
		}
	}
	for _, text := range []string{
		"1.234", "1,234", "12.5", "-1", "+1", "1e3", "1 23", "12 34", "1 234.0", "0x10", ".", ",5", "1.", "2147483649",
		"１２",
		"999999999999999999999999", "1 2345", "12..0",
	} {
		if n, ok := count([]byte(text)); ok {
			t.Errorf("%q is read as %d", text, n)
		}
	}
}

func TestDuration(t *testing.T) {
	for text, want := range map[string]int64{
		"00:00:00": 0, "01:02:03": 3723000, "26:30:00": 95400000, "1234:00:00": 4442400000, "00:00:01:250": 1250,
		"00:00:01.5": 1500, "": null, "N/A": null,
	} {
		if n, ok := duration([]byte(text)); !ok || n != want {
			t.Errorf("%q: %d, %v", text, n, ok)
		}
	}
	for _, text := range []string{
		"12", "10:20", "00:60:00", "00:00:60", "0:0:0", "00:00:0", "00:00:00:5", "00:00:00:1234", ":00:00", "00::00",
		"1 day, 00:00:00",
		"-01:00:00", "99999999999:00:00", "00:00.5:00", "00:00:00.", "00:00:00:000:1",
	} {
		if n, ok := duration([]byte(text)); ok {
			t.Errorf("%q is read as %d", text, n)
		}
	}
}

func TestSchoolYear(t *testing.T) {
	for text, want := range map[string]string{"2019-09-02": "2019-2020", "2020-07-27": "2019-2020",
		"2020-08-03": "2020-2021"} {
		d, reason := monday([]byte(text))
		if got := schoolYear(d); reason != "" || got != want {
			t.Errorf("%s: %s, %s", text, got, reason)
		}
	}
}

// TestCodeOrdersAsText holds that sorting codes sorts schools.
func TestCodeOrdersAsText(t *testing.T) {
	names := []string{"0010005A", "0010005B", "0690026D", "6200001X", "9740001A"}
	var last uint64
	for _, name := range names {
		n, ok := code([]byte(strings.ToLower(name)))
		if !ok || n <= last || uai(n) != name {
			t.Errorf("%s: %d, %s", name, n, uai(n))
		}
		last = n
	}
	if d := department(last); d != 974 {
		t.Errorf("département %d", d)
	}
}

// FuzzText decodes any bytes as a file: each row is accepted, refused or a heading, and
// the sum of a column is that of the accepted rows.
func FuzzText(f *testing.F) {
	head := "debutSemaine;UAI;visites_globales;visites_eleve;visites_parent;utilisateurs_globales;utilisateurs_eleve;" +
		"utilisateurs_parent;duree_globales;duree_parent\n"
	f.Add([]byte(head + "2019-09-02;0010005A;3;1;2;1;1;1;00:00:01;00:00:01\n"))
	f.Add([]byte("\ufeff" + strings.ReplaceAll(head, ";",
		",") + "2019-09-02,0010005A,\"1,234,567\",1,N/A,1,1,1,x,00:00:01:250"))
	f.Add([]byte(head + "\"2019-09-02\n;0010005A;3;1;2\r\n\x00;\xff\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		rows, skip, err := framing(data[:min(len(data), headSize)])
		if err != nil {
			return
		}
		names, length, err := headings(data[skip:], rows)
		if err != nil {
			return
		}
		l, err := recognise(names)
		if err != nil || l.kind != Profiles {
			return
		}
		var accepted, sum int64
		text := textFile{rows: rows, names: names, threads: 1, newOne: func() *decoder {
			return newDecoder(l, func(r *row, _ place) error {
				accepted++
				for _, v := range r.values {
					if v < null {
						t.Errorf("value %d", v)
					}
					sum += max(v, 0)
				}
				return nil
			})
		}}
		decoders, err := text.read(context.Background(), bytes.NewReader(data[skip+length:]))
		if err != nil {
			return
		}
		if got := decoders[0].tally.accepted; got != accepted {
			t.Errorf("%d rows accepted, %d counted", accepted, got)
		}
		if lines := int64(bytes.Count(data, []byte{rows.EOL})) + 1; accepted+decoders[0].tally.refused() > lines {
			t.Errorf("%d rows in %d lines", accepted+decoders[0].tally.refused(), lines)
		}
		for reason, at := range decoders[0].tally.first {
			if at.Line < 2 || reason == "" {
				t.Errorf("refused in line %d: %q", at.Line, reason)
			}
		}
	})
}

// TestSpillHoldsRows gives rows back as they came, whatever page they were on.
func TestSpillHoldsRows(t *testing.T) {
	s, err := newSpill(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	w := &spiller{to: s}
	n, _ := code([]byte("0010005A"))
	for i := range int64(5000) {
		if err := w.add(&row{uai: n, week: int32(i), values: []int64{null, i, 1 << 40}},
			place{Line: i + 1}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.flush(); err != nil {
		t.Fatal(err)
	}
	text, rows, err := s.department(1, 3)
	if err != nil || len(rows) != 5000 {
		t.Fatal(len(rows), err)
	}
	values := make([]int64, 3)
	for i := range rows {
		rows[i].values(text, values)
		if values[0] != null || values[1] != int64(rows[i].week) || values[2] != 1<<40 {
			t.Fatal(i, values)
		}
	}
	if _, err := s.file.WriteAt(bytes.Repeat([]byte{0xff}, 100), s.end-100); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.department(1, 3); err == nil {
		t.Error("a changed temporary file was read")
	}
}

// TestKindsAreTold holds that the codebook tells each column of each table.
func TestKindsAreTold(t *testing.T) {
	tables, err := describedTables()
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]int{}
	for _, table := range tables {
		told[table.Name] = len(table.Column)
	}
	want := map[string]int{
		"profils": 18, "services": 78, "profils_appareils": 51, "appareils": 66, "schools": 17, "ips": 5, "calendar": 4,
		"coverage": 4, "columns": 5,
	}
	for name, n := range want {
		if told[name] != n {
			t.Errorf("%s: %d columns told, want %d", name, told[name], n)
		}
	}
}
