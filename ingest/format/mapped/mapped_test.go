package mapped

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/text/encoding/charmap"
	"pgregory.net/rapid"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/formattest"
	"github.com/entscope/entscope/ingest/tabular"
)

// log keeps what a decoder hands over.
type log struct {
	lines   []string
	offset  int64
	ignored int
	rejects int
}

func (l *log) Event(e *ingest.Event) {
	l.lines = append(l.lines, fmt.Sprintf("%s %s/%d a=%s s=%s c=%s o=%s id=%s p=%d svc=%d act=%d dev=%d w=%d",
		time.UnixMilli(e.TsMs).UTC().Format(time.RFC3339), time.Unix(int64(e.LocalDate)*86400, 0).UTC().Format("01-02"),
		e.LocalHour, e.Account, e.School, e.Child, e.Object, e.ID, e.Profile, e.Service, e.Action, e.Device, e.Weight))
}
func (l *log) Ignore(r ingest.Rule) { l.ignored++; l.lines = append(l.lines, "ignored: "+string(r)) }
func (l *log) Reject(r ingest.Reject) {
	l.rejects++
	l.lines = append(l.lines, fmt.Sprintf("%d: %s", l.offset+r.Line, r.Reason))
}

// decode runs a delivery through the format in chunks of about size bytes, as
// the ingestion does.
func decode(t interface{ Fatal(...any) }, m *tabular.Mapping, text string, size int) *log {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	f, err := New(m, paris, nil)
	if err != nil {
		t.Fatal(err)
	}
	reading := f.Open([]byte(text)[:min(len(text), 1<<16)])
	d, out := reading.NewDecoder(), &log{}
	for rest := []byte(text); len(rest) > 0; {
		cut := len(rest)
		for n := size; n < len(rest); n *= 2 {
			if c := reading.Framing.Cut(rest[:n]); c > 0 {
				cut = c
				break
			}
		}
		d.Decode(bytes.Clone(rest[:cut]), out)
		out.offset += int64(bytes.Count(rest[:cut], []byte("\n")))
		rest = rest[cut:]
	}
	return out
}

func TestEventDecoder(t *testing.T) {
	m := &tabular.Mapping{
		Delimiter: ",", Charset: "iso-8859-15",
		Columns: map[string]any{"account": "Login", "at": "Heure", "school": "UAI", "profile": "Profil",
			"service": "Page", "action": "Fait", "device": "Support", "weight": "n", "id": "id"},
		Values: map[string]map[string]string{"profile": {"Élève": "pupil", "Parent": "parent"},
			"service": {"Notes": "grades", "Autre": "0"},
			"device":  {"Téléphone": "phone", "*": "unknown"}},
		DateTime: "02/01/2006 15:04:05",
	}
	text := "Login,Heure,UAI,Profil,Page,Fait,Support,n,id\n" +
		"u1,08/09/2025 07:30:00,9990001X,Parent,Notes,login,Téléphone,2,e1\n" +
		"u2,08/09/2025 07:31:00,,Élève,\"Notes\",,Montre,,\n" +
		",08/09/2025 07:31:00,,Parent,Notes,,,,\n" +
		"u3,hier,,Parent,Notes,,,,\n" +
		"u3,08/09/2025 07:31:00,,Parrain,Notes,,,,\n" +
		"u3,08/09/2025 07:31:00,,Parent,Notes,danse,,,\n" +
		"u3,08/09/2025 07:31:00,,Parent,Notes,,,0,\n" +
		"u3,08/09/2025 07:31:00,,Parent,Notes,,\n" +
		"Login,Heure,UAI,Profil,Page,Fait,Support,n,id\n"
	latin, err := charmap.ISO8859_15.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"ignored: comment or heading",
		"2025-09-08T05:30:00Z 09-08/7 a=u1 s=9990001X c= o= id=e1 p=3 svc=3 act=1 dev=2 w=2",
		"2025-09-08T05:31:00Z 09-08/7 a=u2 s= c= o= id= p=1 svc=3 act=0 dev=0 w=1",
		"4: required field missing",
		"5: unreadable timestamp",
		"6: value without a mapping",
		"7: value without a mapping",
		"8: field of the wrong type",
		"9: wrong number of fields",
		"ignored: comment or heading",
	}
	for _, size := range []int{1 << 20, 100, 1} {
		got := decode(t, m, latin, size)
		if strings.Join(got.lines, "\n") != strings.Join(want, "\n") {
			t.Errorf("chunks of %d: got\n%s\nwant\n%s", size, strings.Join(got.lines, "\n"), strings.Join(want, "\n"))
		}
	}
}

// Names of services are looked up in a table of the catalog: here the tabs of
// Pronote. What it lacks is an event of an unknown service, counted by its shape.
func TestEventsCatalog(t *testing.T) {
	var tabs ingest.Names
	tabs.Add("198", ingest.Meaning{Service: ingest.ServiceGrades})
	tabs.Add("7", ingest.Meaning{Ignore: ingest.RuleKeepAlive})
	tabs.Add("parent",
		ingest.Meaning{Service: ingest.ServicePortal, Profile: ingest.ProfileParent, Action: ingest.ActionRead})
	m := &tabular.Mapping{Columns: map[string]any{"account": "a", "at": "t", "service": "onglet"}, DateTime: "unix",
		Catalog: "pronote.tab"}
	format, err := New(m, time.UTC, &tabs)
	if err != nil {
		t.Fatal(err)
	}
	r := formattest.Decode(t, format,
		[]byte("a;t;onglet\nu;1757318400;198\nu;1757318400;7\nu;1757318400;parent\nu;1757318400;Onglet_X\n"+
			"u;1757318400;messages\nu;1757318400;\n"))
	formattest.Check(t, r)
	if r.Counts.Ignored[ingest.RuleKeepAlive] != 1 || r.Counts.Unknown["service Aaaaaa_A"] != 1 ||
		r.Counts.Rejected() != 0 {
		t.Errorf("%+v", r.Counts)
	}
	var got []string
	for _, e := range r.Events {
		got = append(got, fmt.Sprint(e.Service, e.Profile, e.Action))
	}
	if want := "3 0 0, 100 3 6, 0 0 0, 10 0 0, 0 0 0"; strings.Join(got, ", ") != want {
		t.Errorf("%v, want %s", got, want)
	}
}

// TestEventsFailed: a failed login is an event of its account.
func TestEventsFailed(t *testing.T) {
	m := &tabular.Mapping{Columns: map[string]any{"account": "a", "at": "t", "action": "statut"}, DateTime: "unix",
		Values: map[string]map[string]string{"action": {"KO": "login_failed", "OK": "login"}}}
	format, err := New(m, time.UTC, nil)
	if err != nil {
		t.Fatal(err)
	}
	r := formattest.Decode(t, format, []byte("a;t;statut\nu;1757318400;KO\nu;1757318401;OK\n;1757318401;KO\n"))
	formattest.Check(t, r)
	if len(r.Events) != 2 || r.Events[0].Action != ingest.ActionLoginFailed ||
		r.Events[1].Action != ingest.ActionLogin || r.Counts.Rejects[ingest.ReasonMissingField] != 1 {
		t.Errorf("%+v %+v", r.Counts, r.Events)
	}
}

// OULAD's studentVLE: one row is the clicks of a student on a site in a day,
// counted from the beginning of the course. Excerpt of the real file (Kuzilek,
// Hlosta, Zdrahal 2017, CC-BY 4.0).
const oulad = `"code_module","code_presentation","id_student","id_site","date","sum_click"
"AAA","2013J",321942,546614,-2,6
"AAA","2013J",321942,546652,-2,7
"AAA","2013J",321942,546614,4,4
`

func TestEventsOULAD(t *testing.T) {
	m := &tabular.Mapping{
		Delimiter: ",", Date: "days_since", Constants: map[string]string{"profile": "pupil"},
		Columns: map[string]any{"account": "id_student", "school": "code_module", "date": "date",
			"origin": "code_presentation", "object": "id_site", "weight": "sum_click"},
		Values: map[string]map[string]string{"origin": {"2013J": "2013-10-01"}},
	}
	got := decode(t, m, oulad, 1<<20)
	want := "ignored: comment or heading\n" +
		"2013-09-29T10:00:00Z 09-29/12 a=321942 s=AAA c= o=546614 id= p=1 svc=0 act=0 dev=0 w=6\n" +
		"2013-09-29T10:00:00Z 09-29/12 a=321942 s=AAA c= o=546652 id= p=1 svc=0 act=0 dev=0 w=7\n" +
		"2013-10-05T10:00:00Z 10-05/12 a=321942 s=AAA c= o=546614 id= p=1 svc=0 act=0 dev=0 w=4"
	if strings.Join(got.lines, "\n") != want {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got.lines, "\n"), want)
	}
}

// A mapping without a time is refused.
func TestCheck(t *testing.T) {
	if err := Check(&tabular.Mapping{}); err == nil ||
		!strings.Contains(err.Error(), "neither field at nor field date") {
		t.Errorf("got %v", err)
	}
}

// A delivery whose header does not fit rejects every record and says why.
func TestEventsUnbound(t *testing.T) {
	m := &tabular.Mapping{Columns: map[string]any{"account": "uid", "at": "t"}, DateTime: "unix"}
	f, err := New(m, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	text := []byte("login;t\na;1\nb;2\n")
	reading := f.Open(text)
	if reading.Fault == nil {
		t.Error("no error")
	}
	out := &log{}
	reading.NewDecoder().Decode(text, out)
	if out.rejects != 2 || out.ignored != 1 {
		t.Errorf("got %v", out.lines)
	}
}

// Two deliveries of one format that are read at the same time keep their own
// columns.
func TestTwoReadings(t *testing.T) {
	f, err := New(&tabular.Mapping{Columns: map[string]any{"account": "a", "at": "t"}, DateTime: "unix"}, nil,
		nil)
	if err != nil {
		t.Fatal(err)
	}
	one, two := []byte("a;t\nu;1757318400\n"), []byte("t;x;a\n1757318400;-;u\n")
	first, second := f.Open(one), f.Open(two)
	for _, d := range []struct {
		reading ingest.Reading
		text    []byte
	}{{first, one}, {second, two}} {
		out := &log{}
		d.reading.NewDecoder().Decode(d.text, out)
		if out.rejects != 0 || len(out.lines) != 2 || !strings.Contains(out.lines[1], " a=u ") {
			t.Errorf("got %v", out.lines)
		}
	}
}

// Where a chunk is cut changes nothing of what is decoded.
func TestChunksProperty(t *testing.T) {
	m := &tabular.Mapping{Columns: map[string]any{"account": "a", "at": "t", "object": "o"}, DateTime: "unix"}
	rapid.Check(t, func(t *rapid.T) {
		var b strings.Builder
		b.WriteString("a;t;o\n")
		for range rapid.IntRange(0, 30).Draw(t, "rows") {
			b.WriteString(rapid.SampledFrom([]string{"u;1757318400;x\n", "u;1757318400;\"x\ny\"\n",
				"u;1757318400;\"x;\"\"y\"\r\n", "\n", ";1;\n", "u;hier;\n", "\xff;1;2\n", "u;1757318400\n"}).Draw(t,
				"row"))
		}
		whole := decode(t, m, b.String(), 1<<20).lines
		for _, size := range []int{10, 37, 100} {
			if got := decode(t, m, b.String(), size).lines; strings.Join(got, "\n") != strings.Join(whole, "\n") {
				t.Fatalf("chunks of %d: got\n%s\nwant\n%s", size, strings.Join(got, "\n"), strings.Join(whole, "\n"))
			}
		}
	})
}

func TestBadInput(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	m := &tabular.Mapping{Columns: map[string]any{"account": "a", "at": "t", "object": "o", "id": "i"},
		DateTime: "02/01/2006 15:04:05"}
	format, err := New(m, paris, nil)
	if err != nil {
		t.Fatal(err)
	}
	row := func(time string) string { return `u;"` + time + `";"x""y";e1` + "\n" }
	formattest.BadInput(t, format, formattest.Sample{
		Head: "a;t;o;i\n", Separator: ";", Valid: row("15/09/2025 08:00:00"), Old: row("01/01/1970 08:00:00"),
		Future: row("01/01/2999 08:00:00"), Gap: row("30/03/2025 02:30:00"), Overlap: row("26/10/2025 02:30:00"),
	})
}

// FuzzDecode: events of any bytes, wherever chunks are cut.
func FuzzDecode(f *testing.F) {
	for _, text := range []string{
		"a;t;o;p\nu;1757318400;x;parent\n\"u\";1757318400;\"x\ny\";1\n;1;;\n",
		"a;t;o;p\r\nu;1757318400;\"x;\"\"y\";\r\n", "a;t;o;p\ru;1757318400;x;3\r", "t;a;p;o\n1;\xe9;;\n", "x;y\n1;2\n",
	} {
		f.Add([]byte(text))
	}
	m := &tabular.Mapping{Columns: map[string]any{"account": "a", "at": "t", "object": "o", "profile": "p"},
		DateTime: "unix"}
	format, err := New(m, time.UTC, nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) { formattest.Fuzz(t, format, data) })
}

func BenchmarkEvents(b *testing.B) {
	m := &tabular.Mapping{Columns: map[string]any{"account": "a", "at": "t", "profile": "p", "service": "s"},
		DateTime: "2006-01-02 15:04:05",
		Values:   map[string]map[string]string{"profile": {"Parent": "parent"}, "service": {"Notes": "grades"}}}
	text := []byte("a;t;p;s\n" +
		strings.Repeat("3f2a9c1e-77aa-4b1c-9d0e-123456789abc;2025-09-08 12:34:56;Parent;Notes\n", 10000))
	paris, _ := time.LoadLocation("Europe/Paris")
	f, err := New(m, paris, nil)
	if err != nil {
		b.Fatal(err)
	}
	d := f.Open(text[:1<<16]).NewDecoder()
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		d.Decode(text, nothing{})
	}
}

type nothing struct{}

func (nothing) Event(*ingest.Event)  {}
func (nothing) Ignore(ingest.Rule)   {}
func (nothing) Reject(ingest.Reject) {}

// Decoders of one format work side by side.
func TestDecodersConcurrent(t *testing.T) {
	m := &tabular.Mapping{Columns: map[string]any{"account": "a", "at": "t", "profile": "p"},
		DateTime: "2006-01-02 15:04:05",
		Values:   map[string]map[string]string{"profile": {"Parent": "parent"}}}
	text := "a;t;p\n" +
		strings.Repeat("u;2025-03-30 12:34:56;Parent\nu;2025-10-26 02:30:00;parent\nu;2025-03-30 02:30:00;Parent\n", 50)
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	f, err := New(m, paris, nil)
	if err != nil {
		t.Fatal(err)
	}
	reading := f.Open([]byte(text))
	var logs [4]log
	var wait sync.WaitGroup
	for i := range logs {
		wait.Go(func() { reading.NewDecoder().Decode([]byte(text), &logs[i]) })
	}
	wait.Wait()
	for i := range logs {
		if logs[i].rejects != 50 || len(logs[i].lines) != 151 ||
			strings.Join(logs[i].lines, "\n") != strings.Join(logs[0].lines, "\n") {
			t.Errorf("decoder %d: %d rejects, %d records", i, logs[i].rejects, len(logs[i].lines))
		}
	}
}

// TestExchange: see formattest.Exchange.
func TestExchange(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	m := &tabular.Mapping{Columns: map[string]any{"account": "a", "at": "t", "object": "o", "id": "i"},
		DateTime: "02/01/2006 15:04:05"}
	format, err := New(m, paris, nil)
	if err != nil {
		t.Fatal(err)
	}
	formattest.Exchange(t, format, formattest.Line{
		Head: "a;t;o;i\n", Text: `u1;"15/09/2025 08:00:00";x;e1`, Separator: ";", Account: "u1",
		Alike: []string{"x", "e1"},
	})
}
