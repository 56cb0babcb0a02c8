package tabular

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/charmap"
	"pgregory.net/rapid"

	"github.com/entscope/entscope/ingest"
)

// records shows what the scanner makes of text: fields between │, reasons in braces.
func records(text string, delimiter, quote byte) []string {
	s := NewScanner(iotestOneByte{strings.NewReader(text)}, delimiter, quote)
	var out []string
	for s.Scan() {
		if s.Reason() != "" {
			out = append(out, fmt.Sprintf("%d{%s}", s.Line(), s.Reason()))
			continue
		}
		out = append(out, fmt.Sprintf("%d %s", s.Line(), bytes.Join(s.Fields(), []byte("│"))))
	}
	return out
}

type iotestOneByte struct{ r *strings.Reader }

func (o iotestOneByte) Read(p []byte) (int, error) { return o.r.Read(p[:min(1, len(p))]) }

func TestScanner(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"LF", "a;b\nc;d\n", "1 a│b ¶ 2 c│d"},
		{"no line end at the end", "a;b\nc;d", "1 a│b ¶ 2 c│d"},
		{"CRLF", "a;b\r\nc;d\r\n", "1 a│b ¶ 2 c│d"},
		{"CR only", "a;b\rc;d\r", "1 a│b ¶ 2 c│d"},
		{"empty lines are no records", "a\n\n\nb\n", "1 a ¶ 4 b"},
		{"empty fields", ";\n;;\n", "1 │ ¶ 2 ││"},
		{"quoted delimiter", "\"a;b\";c\n", "1 a;b│c"},
		{"doubled quote", "\"a\"\"b\";c\n", "1 a\"b│c"},
		{"quoted line end", "\"a\nb\";c\nd;e\n", "1 a\nb│c ¶ 3 d;e"},
		{"quote inside a bare field", "a\"b;c\n", "1 a\"b│c"},
		{"text after a closing quote", "\"a\"b;c\n", "1 ab│c"},
		{"stray quote costs its line only", "\"a;b\nc;d\n", "1{malformed record} ¶ 2 c│d"},
		{"cut inside quotes", "c;d\n\"a;b", "1 c│d ¶ 2{truncated record}"},
		{"stray quote far from the end", "\"a\n" + strings.Repeat("c;d\n", 40),
			"1{malformed record}" + repeat(2, 40, "c│d")},
		{"NUL", "a\x00;b\nc\n", "1{invalid text encoding} ¶ 2 c"},
		{"invalid UTF-8", "a\xe9;b\nc\n", "1{invalid text encoding} ¶ 2 c"},
		{"empty", "", ""},
		{"only line ends", "\n\r\n\n", ""},
	} {
		want := strings.ReplaceAll(strings.ReplaceAll(test.want, "d;e", "d│e"), " ¶ ", "¶")
		if got := strings.Join(records(test.text, ';', '"'), "¶"); got != want {
			t.Errorf("%s:\n got %q\nwant %q", test.name, got, want)
		}
	}
}

func repeat(from, n int, record string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "¶%d %s", from+i, record)
	}
	return b.String()
}

func TestScannerLimits(t *testing.T) {
	long := strings.Repeat("x", 3*MaxRecord)
	wide := strings.Repeat(";", MaxFields)
	got := records2("a\n"+long+"\nb\n"+wide+"\nc\n", ';', '"')
	want := "1 a|2{record too long}|3 b|4{wrong number of fields}|5 c"
	if strings.Join(got, "|") != want {
		t.Errorf("got %q", got)
	}
	// A field that is quoted and endless is refused, and what follows its line is read.
	got = records2("\""+long+"\nb\n", ';', '"')
	if strings.Join(got, "|") != "1{record too long}|2 b" {
		t.Errorf("quoted: got %q", got)
	}
}

func records2(text string, delimiter, quote byte) []string {
	s := NewScanner(strings.NewReader(text), delimiter, quote)
	var out []string
	for s.Scan() {
		if s.Reason() != "" {
			out = append(out, fmt.Sprintf("%d{%s}", s.Line(), s.Reason()))
		} else {
			out = append(out, fmt.Sprintf("%d %s", s.Line(), bytes.Join(s.Fields(), []byte("│"))))
		}
	}
	return out
}

// Whatever is written with quotes where needed is read back, whatever the line ends.
func TestScannerRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		eol := rapid.SampledFrom([]string{"\n", "\r\n", "\r"}).Draw(t, "eol")
		text := rapid.StringMatching(`[a-zé;"\n ]{0,12}`)
		rows := rapid.SliceOfN(rapid.SliceOfN(text, 2, 5), 1, 20).Draw(t, "rows")
		var b strings.Builder
		for _, row := range rows {
			for i, f := range row {
				if i > 0 {
					b.WriteByte(';')
				}
				f = strings.ReplaceAll(f, "\n", "")
				row[i] = f
				b.WriteString(`"` + strings.ReplaceAll(f, `"`, `""`) + `"`)
			}
			b.WriteString(eol)
		}
		s := NewScanner(strings.NewReader(b.String()), ';', '"')
		for i, row := range rows {
			if !s.Scan() || s.Reason() != "" {
				t.Fatalf("row %d is not read: %s", i, s.Reason())
			}
			if got := string(bytes.Join(s.Fields(), []byte{0})); got != strings.Join(row, "\x00") {
				t.Fatalf("row %d: %q, want %q", i, got, row)
			}
			if s.Line() != int64(i+1) {
				t.Fatalf("row %d: line %d", i, s.Line())
			}
		}
		if s.Scan() {
			t.Fatal("a row too many")
		}
	})
}

var testFields = []Field{
	{Name: "person", Required: true}, {Name: "profile"}, {Name: "created", Kind: Date}, {Name: "at", Kind: DateTime},
	{Name: "email", Kind: Presence}, {Name: "ips", Kind: Tenths}, {Name: "asked", Kind: Flag},
	{Name: "n", Kind: Integer}, {Name: "until", Kind: Until}, {Name: "origin", Kind: Date},
}

// rowsOf shows the rows and rejects of a text.
func rowsOf(t testing.TB, text string, m *Mapping) string {
	t.Helper()
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	r, err := Open(strings.NewReader(text), m, testFields, paris, func(j ingest.Reject) {
		out = append(out, fmt.Sprintf("%d{%s}", j.Line, j.Reason))
	})
	if err != nil {
		return err.Error()
	}
	for r.Next() {
		row := fmt.Sprintf("%d %s %s", r.Line(), r.Text(0), r.Text(1))
		for i := 2; i < len(testFields)-1; i++ {
			if !r.Has(i) {
				continue
			}
			switch testFields[i].Kind {
			case Date:
				row += fmt.Sprintf(" day=%s", time.Unix(int64(r.Day(i))*86400, 0).UTC().Format(time.DateOnly))
			case DateTime:
				row += fmt.Sprintf(" at=%s/%d", time.UnixMilli(r.Moment(i).TsMs).UTC().Format(time.RFC3339),
					r.Moment(i).Hour)
			case Until:
				row += fmt.Sprintf(" until=%s of day %d", time.UnixMilli(r.Moment(i).TsMs).UTC().Format(time.RFC3339),
					r.Day(i))
			default:
				row += fmt.Sprintf(" %s=%d", testFields[i].Name, r.Number(i))
			}
		}
		out = append(out, row)
	}
	return strings.Join(out, "; ")
}

func TestRows(t *testing.T) {
	no := false
	latin9, _ := charmap.ISO8859_15.NewEncoder().String("Prénom;Œuvre\nZoé;œ\n")
	for _, test := range []struct {
		name, text string
		m          Mapping
		want       string
	}{
		{"plain", "id;p\n7;x\n", Mapping{Columns: map[string]any{"person": "id", "profile": "p"}}, "2 7 x"},
		{"positions", "7;x\n", Mapping{Header: &no, Columns: map[string]any{"person": int64(2), "profile": 1}},
			"1 x 7"},
		{"BOM twice", "\ufeff\ufeffid\n7\n", Mapping{Columns: map[string]any{"person": "id"}}, "2 7 "},
		{"headings without case, accents, stars", "\" Prénom* \";Clé\n7;x\n",
			Mapping{Columns: map[string]any{"person": "prenom", "profile": "CLE"}}, "2 7 x"},
		{"second column of a name", "a;a\n1;2\n", Mapping{Columns: map[string]any{"person": "a#2"}}, "2 2 "},
		{"latin 9", latin9, Mapping{Charset: "iso-8859-15",
			Columns: map[string]any{"person": "prenom", "profile": "Œuvre"}}, "2 Zoé œ"},
		{"latin 1", "Pr\xe9nom;p\nZo\xe9;\xa4\n",
			Mapping{Charset: "iso-8859-1", Columns: map[string]any{"person": "prenom", "profile": "p"}}, "2 Zoé ¤"},
		{"windows 1252", "Nom de l\x92\xe9v\xe9nement;p\n\x8cuvre;\x80\n", Mapping{Charset: "windows-1252",
			Columns: map[string]any{"person": "Nom de l'événement", "profile": "p"}}, "2 Œuvre €"},
		{"utf-16 with its mark", "\xff\xfei\x00d\x00\n\x00\xe9\x00\n\x00",
			Mapping{Charset: "utf-16", Columns: map[string]any{"person": "id"}}, "2 é "},
		{"latin 1 that says it is UTF-8", "id\nZo\xe9\nx\n", Mapping{Columns: map[string]any{"person": "id"}},
			"2{invalid text encoding}; 3 x "},
		{"any delimiter and quote", "id|p\n'a|b'|c\n",
			Mapping{Delimiter: "|", Quote: "'", Columns: map[string]any{"person": "id", "profile": "p"}}, "2 a|b c"},
		{"tab, no quotes", "id\tp\n\"a\tb\n", Mapping{Delimiter: "tab", Quote: "none",
			Columns: map[string]any{"person": "id", "profile": "p"}}, "2 \"a b"},
		{"values", "id;p\n1;Relative\n2;relatives\n3;Élève\n4;\n",
			Mapping{Columns: map[string]any{"person": "id", "profile": "p"},
				Values: map[string]map[string]string{"profile": {"Relative": "parent", "eleve": "pupil"}}},
			"2 1 parent; 3{value without a mapping}; 4 3 pupil; 5 4 "},
		{"values with others", "id;p\n1;x\n", Mapping{Columns: map[string]any{"person": "id", "profile": "p"},
			Values: map[string]map[string]string{"profile": {"Relative": "parent", "*": "other"}}}, "2 1 other"},
		{"constants", "id\n1\n", Mapping{Columns: map[string]any{"person": "id"},
			Constants: map[string]string{"profile": "pupil"}}, "2 1 pupil"},
		{"required", "id;p\n;x\n \t;y\n", Mapping{Columns: map[string]any{"person": "id"}},
			"2{required field missing}; 3{required field missing}"},
		{"fields", "id;p\n1\n1;2;3\n1;2;\n", Mapping{Columns: map[string]any{"person": "id"}},
			"2{wrong number of fields}; 3{wrong number of fields}; 4 1 "},
		{"ragged", "id;p\n1\n1;2;3\n", Mapping{Ragged: true, Columns: map[string]any{"person": "id", "profile": "p"}},
			"2 1 ; 3 1 2"},
		{"days", "id;d\n1;03/09/2025\n2;2025-09-03\n3;31/02/2025\n4;\n5;03/09/1025\n",
			Mapping{Date: "02/01/2006|2006-01-02", Columns: map[string]any{"person": "id", "created": "d"}},
			"2 1  day=2025-09-03; 3 2  day=2025-09-03; 4{unreadable timestamp}; 5 4 ; 6{timestamp outside the " +
				"plausible range}"},
		{"local times, winter and summer", "id;d\n1;02/01/2026 08:30\n2;02/07/2026 08:30\n",
			Mapping{DateTime: "02/01/2006 15:04", Columns: map[string]any{"person": "id", "at": "d"}},
			"2 1  at=2026-01-02T07:30:00Z/8; 3 2  at=2026-07-02T06:30:00Z/8"},
		{"the gap and the overlap", "id;d\n1;29/03/2026 02:30\n2;25/10/2026 02:30\n3;25/10/2026 03:30\n",
			Mapping{DateTime: "02/01/2006 15:04", Columns: map[string]any{"person": "id", "at": "d"}},
			"2{local time that does not exist (daylight saving gap)}; 3 2  at=2026-10-25T00:30:00Z/2; 4 3  " +
				"at=2026-10-25T02:30:00Z/3"},
		{"overseas", "id;d\n1;02/01/2026 08:30\n", Mapping{Timezone: "Indian/Reunion", DateTime: "02/01/2006 15:04",
			Columns: map[string]any{"person": "id", "at": "d"}},
			"2 1  at=2026-01-02T04:30:00Z/8"},
		{"offsets", "id;d\n1;2010-10-25T00:00:00+02:00\n2;2010-10-31T02:30:00+01:00\n3;2010-10-24T22:00:00Z\n",
			Mapping{DateTime: time.RFC3339, Columns: map[string]any{"person": "id", "at": "d"}},
			"2 1  at=2010-10-24T22:00:00Z/0; 3 2  at=2010-10-31T01:30:00Z/2; 4 3  at=2010-10-24T22:00:00Z/0"},
		{"unix", "id;d\n1;1757318400\n2;x\n3;99999999999999\n",
			Mapping{DateTime: "unix", Columns: map[string]any{"person": "id", "at": "d"}},
			"2 1  at=2025-09-08T08:00:00Z/10; 3{unreadable timestamp}; 4{timestamp outside the plausible range}"},
		{"day offsets", "id;d\n1;-2\n2;0\n",
			Mapping{Date: "days_since:2013-10-01", Columns: map[string]any{"person": "id", "created": "d"}},
			"2 1  day=2013-09-29; 3 2  day=2013-10-01"},
		{"day offsets of each row's origin", "id;d;o\n1;1;2013J\n2;1;2014B\n3;1;x\n",
			Mapping{Date: "days_since", Columns: map[string]any{"person": "id", "created": "d", "origin": "o"},
				Values: map[string]map[string]string{"origin": {"2013J": "2013-10-01", "2014B": "2014-02-01"}}},
			"2 1  day=2013-10-02; 3 2  day=2014-02-02; 4{value without a mapping}"},
		{"until an instant, or the end of a day",
			"id;u\n1;02/01/2026 08:30\n2;02/01/2026\n3;29/03/2026\n4;\n5;32/01/2026\n", Mapping{Date: "02/01/2006",
				DateTime: "02/01/2006 15:04", Columns: map[string]any{"person": "id", "until": "u"}},
			"2 1  until=2026-01-02T07:30:00Z of day 20455; 3 2  until=2026-01-02T23:00:00Z of day 20455; 4 3  " +
				"until=2026-03-29T22:00:00Z of day 20541; 5 4 ; 6{unreadable timestamp}"},
		{"until a day alone", "id;u\n1;02/01/2026 08:30\n2;02/01/2026\n",
			Mapping{Date: "02/01/2006", Columns: map[string]any{"person": "id", "until": "u"}},
			"2{unreadable timestamp}; 3 2  until=2026-01-02T23:00:00Z of day 20455"},
		{"until an instant alone", "id;u\n1;02/01/2026 08:30\n2;02/01/2026\n",
			Mapping{DateTime: "02/01/2006 15:04", Columns: map[string]any{"person": "id", "until": "u"}},
			"2 1  until=2026-01-02T07:30:00Z of day 20455; 3{unreadable timestamp}"},
		{"the end of a day whose midnight daylight saving leaves out", "id;u\n1;2018-11-03\n",
			Mapping{Timezone: "America/Sao_Paulo", Date: "2006-01-02",
				Columns: map[string]any{"person": "id", "until": "u"}},
			"2 1  until=2018-11-04T03:00:00Z of day 17838"},
		{"until without a layout", "id;u\n1;1\n", Mapping{Columns: map[string]any{"person": "id", "until": "u"}},
			"mapping: field until: neither the layout of a date nor that of a datetime is set"},
		{"numbers", "id;m;i;a;n\n1;x@y.fr;102,45;Oui;7\n2;;101.5;N;\n3;non;x;;\n4;;;peut-être;\n",
			Mapping{Columns: map[string]any{"person": "id", "email": "m", "ips": "i", "asked": "a", "n": "n"}},
			"2 1  email=1 ips=1025 asked=1 n=7; 3 2  ips=1015 asked=0; 4{field of the wrong type}; 5{value without a " +
				"mapping}"},
		{"headings again", "id;p\n1;x\nid; p\n2;y\n", Mapping{Columns: map[string]any{"person": "id", "profile": "p"}},
			"2 1 x; 4 2 y"},
		{"skip and comments", "export\n#x\nid\n#y\n1\n",
			Mapping{Skip: 1, Comment: "#", Columns: map[string]any{"person": "id"}}, "5 1 "},
		{"column not found", "id;x\n", Mapping{Columns: map[string]any{"person": "identifiant"}},
			`field person: no column "identifiant" among the 2 headings of the file`},
		{"empty file", "", Mapping{Columns: map[string]any{"person": "id"}}, "headings: the file is empty"},
	} {
		if got := rowsOf(t, test.text, &test.m); got != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.name, got, test.want)
		}
	}
}

// A mapping tells all its faults at once.
func TestMappingCheck(t *testing.T) {
	m := Mapping{
		Delimiter: ";;", Quote: "''", Charset: "ebcdic", Timezone: "Mars/Olympus", Skip: -1, Date: "YYYY-MM-DD",
		DateTime:  "days_since",
		Columns:   map[string]any{"profile": "", "created": 0, "n": 1.5, "nosuch": "x", "email": "e"},
		Constants: map[string]string{"email": "1"}, Values: map[string]map[string]string{"other": {}},
	}
	err := m.CheckFields(testFields)
	if err == nil {
		t.Fatal("accepted")
	}
	for _, want := range []string{`delimiter ";;"`, `quote "''"`, `charset "ebcdic"`, `timezone "Mars/Olympus"`,
		"skip is", "columns.profile is empty",
		"columns.created: positions", "columns.n is neither", "field email is both", `date: layout "YYYY-MM-DD"`,
		"datetime: days_since needs", "field person is not mapped", `columns: field "nosuch" is not one of`,
		`values: field "other" is not one of`} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("no fault %q in:\n%v", want, err)
		}
	}
}

// FuzzRows: rows of any bytes have ascending lines and their required fields.
func FuzzRows(f *testing.F) {
	f.Add([]byte("id;d;x\n1;2025-09-08;oui\n"), byte(';'))
	f.Add([]byte("\"id\",\"d\"\r\n\"a\"\"\nb\",1\r\n"), byte(','))
	f.Add([]byte("id\td\r1\t2\r"), byte('\t'))
	f.Add([]byte("\"id_student\",\"date\"\n321942,-2\n"), byte(','))
	f.Fuzz(func(t *testing.T, data []byte, delimiter byte) {
		no := false
		if delimiter >= 0x80 || delimiter == 0 || delimiter == '\n' || delimiter == '\r' || delimiter == '"' {
			return
		}
		m := &Mapping{Delimiter: string(rune(delimiter)), Header: &no, Ragged: true,
			Columns: map[string]any{"person": 1, "created": 2, "email": 3, "ips": 4}, Date: "2006-01-02|02/01/2006"}
		rejects := 0
		r, err := Open(bytes.NewReader(data), m, testFields, time.UTC, func(ingest.Reject) { rejects++ })
		if err != nil {
			t.Fatal(err)
		}
		last := int64(0)
		for n := 0; r.Next(); n++ {
			if r.Line() <= last {
				t.Fatal("lines do not advance")
			}
			last = r.Line()
			if len(r.Text(0)) == 0 {
				t.Fatal("a required field is empty")
			}
		}
	})
}
