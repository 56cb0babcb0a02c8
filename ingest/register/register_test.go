package register

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/join"
	"github.com/entscope/entscope/ingest/tabular"
)

// people are a directory of a few persons, and files of one text.
type people struct {
	text     string
	zone     *time.Location
	used     int
	rejects  map[ingest.Reason]int
	warnings []string
	inside   []string // schools of the perimeter
	joins    []join.Join
}

var persons = []struct {
	id      string
	profile ingest.Profile
}{{"p1", ingest.ProfileParent}, {"p2", ingest.ProfileParent}, {"e1", ingest.ProfilePupil},
	{"t1", ingest.ProfileTeacher}}

func (d *people) Rows(
	_ context.Context, _, _ string, m *tabular.Mapping, fields []tabular.Field,
	row func(*tabular.Rows) (ingest.Reason, error),
) error {
	d.rejects = map[ingest.Reason]int{}
	rows, err := tabular.Open(strings.NewReader(d.text), m, fields, d.zone, func(r ingest.Reject) {
		d.rejects[r.Reason]++
	})
	if err != nil {
		return err
	}
	for rows.Next() {
		reason, err := row(rows)
		if err != nil {
			return err
		}
		if reason != "" {
			rows.Refuse(reason)
		} else {
			d.used++
		}
	}
	return rows.Err()
}

func (d *people) Expect(string, int64)  {}
func (d *people) HasClass(string) bool  { return true }
func (d *people) Classes(string) int64  { return 0 }
func (d *people) Join(joined join.Join) { d.joins = append(d.joins, joined) }

func (d *people) HasAccounts(namespace string) bool { return namespace == "entcore" }

func (d *people) School(name []byte, perimeter bool) (int32, string) {
	if perimeter {
		d.inside = append(d.inside, string(name))
	}
	return ingest.SchoolKey(name), string(name)
}

func (d *people) Person(accounts string, profile ingest.Profile, id []byte) (int32, ingest.Profile) {
	for i, p := range persons {
		if accounts == "entcore" && string(id) == "u-"+p.id ||
			accounts == "" && string(id) == p.id && p.profile == profile {
			return int32(i), p.profile
		}
	}
	return -1, ingest.ProfileUnknown
}

func (d *people) Warn(format string, args ...any) {
	d.warnings = append(d.warnings, fmt.Sprintf(format, args...))
}

// show writes a row by column.
func show(r *Register, row *Row) string {
	var out []string
	for i, c := range r.Columns {
		v := row.Values[i]
		text := fmt.Sprint(v)
		switch {
		case c.Kind == Somebody && v < 0, c.Kind == Identifier && row.Texts[i] == nil:
			text = "?"
		case c.Kind == Somebody:
			text = persons[v].id
		case row.Texts[i] != nil:
			text = fmt.Sprintf("%q", row.Texts[i])
		case strings.HasSuffix(c.Name, "_ms") && v > 0:
			text = time.UnixMilli(v).UTC().Format("2006-01-02T15:04Z")
		case c.Bits == 32 && v > 15000 && v < 30000:
			text = time.Unix(v*86400, 0).UTC().Format(time.DateOnly)
		}
		out = append(out, c.Name+"="+text)
	}
	return strings.Join(out, " ") + " "
}

// shown are the examples of the registers, as rows.
var shown = map[string]string{
	"publications": `school_key=9990001 class_key="9990001X$6A" ts_ms=2025-09-10T16:02Z local_date=2025-09-10 ` +
		`assessed_day=2025-09-01 returned_day=2025-09-09 `,
	"contents": `school_key=9990001 class_key="9990001X$6A" ts_ms=2025-09-10T16:02Z local_date=2025-09-10 ` +
		`kind=3 media=1 `,
	"settings":     `school_key=9990001 setting=1 value=2 from_day=2025-09-01 to_day=2025-12-31 `,
	"report_books": `school_key=9990001 grade_level="6e" ts_ms=2025-12-05T17:00Z local_date=2025-12-05 `,
	"training":     `school_key=9990001 local_date=2025-10-01 sessions=2 `,
	"messages": `message_key="9990001X$m1" thread_key="9990001X$f1" school_key=9990001 ` +
		`sender_key=t1 sender_profile=2 ` +
		`recipient_key=p1 recipient_profile=3 recipients=12 sent_ms=2025-09-10T16:02Z sent_date=2025-09-10 ` +
		`sent_hour=18 ` +
		`opened_ms=2025-09-10T16:30Z bytes=2048 attached=1 deadline_ms=2025-09-12T10:00Z recipient=? `,
	"accompaniment": `person_key=p1 local_date=2025-10-01 form=3 collective=1 `,
	"equipment":     `child_key=e1 has_computer=1 has_fixed_net=0 local_date=2025-09-15 `,
	"procedures":    `child_key=e1 kind=1 deadline_day=2025-10-16 done_day=2025-10-02 `,
	"loans":         `child_key=e1 requested_day=2025-09-20 start_day=2025-10-01 end_day=2026-06-30 `,
	"meetings":      `meeting_key="v1" person_key=p1 local_date=2025-10-01 joined=1 `,
}

// mapping reads the fields at their positions, without a header.
func mapping(r *Register) *tabular.Mapping {
	header := false
	m := &tabular.Mapping{Header: &header, Columns: map[string]any{}, Date: "2006-01-02", DateTime: "2006-01-02 15:04"}
	for i, f := range r.Fields {
		m.Columns[f.Name] = i + 1
	}
	return m
}

func directoryOf(t testing.TB, text string) *people {
	t.Helper()
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	return &people{text: text, zone: paris}
}

// read reads one register of accounts: its rows as text, or why one was refused in braces.
func read(t testing.TB, r *Register, m *tabular.Mapping, text string) string {
	t.Helper()
	d := directoryOf(t, text)
	var out []string
	tables := []Table{{Register: r, Files: []string{"register.csv"}, Mapping: m, Accounts: "entcore"}}
	err := Read(context.Background(), tables, d, func(r *Register, row *Row) error {
		out = append(out, show(r, row))
		return nil
	})
	if err != nil {
		return err.Error()
	}
	for reason := range d.rejects {
		out = append(out, fmt.Sprintf("{%s}", reason))
	}
	return strings.Join(out, "\n")
}

// changed is the valid row with another value of one field.
func changed(r *Register, field, value string) string {
	values := strings.Split(r.Example, ";")
	for i, f := range r.Fields {
		if f.Name == field {
			values[i] = value
		}
	}
	return strings.Join(values, ";") + "\n"
}

func TestValidRows(t *testing.T) {
	for _, r := range All() {
		got := read(t, r, mapping(r), r.Example+"\n")
		if want, ok := shown[r.Name]; ok && got != want {
			t.Errorf("%s:\n got %s\nwant %s", r.Name, got, want)
		}
		if !strings.HasPrefix(got, r.Columns[0].Name+"=") {
			t.Errorf("%s: the example is no row: %s", r.Name, got)
		}
	}
}

// wrong is a value that is none of a type, and the reason for which its row is refused.
var wrong = map[Type]struct {
	value  string
	reason ingest.Reason
}{
	School: {strings.Repeat("x", ingest.MaxID+1), ingest.ReasonTooLong},
	Class:  {strings.Repeat("x", ingest.MaxID+1), ingest.ReasonTooLong},
	ID:     {strings.Repeat("x", ingest.MaxID+1), ingest.ReasonTooLong},
	Person: {strings.Repeat("x", ingest.MaxID+1), ingest.ReasonTooLong},
	Parent: {"u-e1", ingest.ReasonUnknownValue}, Pupil: {"u-p1", ingest.ReasonUnknownValue},
	Profile: {"Enseignant", ingest.ReasonUnknownValue},
	Instant: {"2025-09-10", ingest.ReasonTimestamp}, Day: {"hier", ingest.ReasonTimestamp},
	Until:   {"demain", ingest.ReasonTimestamp},
	Integer: {"deux", ingest.ReasonType}, Flag: {"peut-être", ingest.ReasonUnknownValue},
	Words: {"couleur", ingest.ReasonUnknownValue},
	Level: {"BTS", ingest.ReasonUnknownValue},
}

// Of every field of every register: without its column, without its value, with one that is none of its type.
func TestEveryField(t *testing.T) {
	for _, r := range All() {
		for _, f := range r.Fields {
			t.Run(r.Name+"."+f.Name, func(t *testing.T) {
				unmapped := mapping(r)
				delete(unmapped.Columns, f.Name)
				got := read(t, r, unmapped, r.Example+"\n")
				if want := fmt.Sprintf("field %s is not mapped", f.Name); f.Required != strings.Contains(got, want) {
					t.Errorf("without the column: %s", got)
				}
				got = read(t, r, mapping(r), changed(r, f.Name, ""))
				if want := fmt.Sprintf("{%s}", ingest.ReasonMissingField); f.Required != (got == want) ||
					strings.HasPrefix(got, "{") != f.Required {
					t.Errorf("without a value: %s", got)
				}
				w := wrong[f.Type]
				if got := read(t, r, mapping(r), changed(r, f.Name, w.value)); got != fmt.Sprintf("{%s}", w.reason) {
					t.Errorf("%s that is none: %s, want {%s}", f.Type, got, w.reason)
				}
			})
		}
	}
}

// Every word of every field gives its number, so do the words that mean the same.
func TestEveryWord(t *testing.T) {
	for _, r := range All() {
		for _, f := range r.Fields {
			for _, w := range f.Words {
				for _, word := range append([]string{w.Word, strings.ToUpper(w.Word), fmt.Sprint(w.Is)}, w.Also...) {
					if n, ok := f.words[whenOf(r, &f, w)][tabular.Fold(word)]; w.Is >= 0 && (!ok || n != w.Is) {
						t.Errorf("%s.%s: %s is %d, %t", r.Name, f.Name, word, n, ok)
					}
				}
			}
		}
	}
}

func whenOf(r *Register, f *Field, w Word) int64 {
	if f.Of == "" {
		return 0
	}
	n, _ := r.Field(f.Of).number([]byte(w.When), 0)
	return n
}

// TestChanges changes a valid row in one field: what then stands in the row, or the reason in braces.
func TestChanges(t *testing.T) {
	const range_, unknown, wrongType = "{timestamp outside the plausible range}", "{value without a mapping}",
		"{field of the wrong type}"
	for _, c := range []struct{ field, value, want string }{
		{"publications.class", "0001$6A", `class_key="9990001X$6A" `},
		{"publications.assessed", "", "assessed_day=-1 "},
		{"publications.returned", "2025-08-31", range_},
		{"contents.class", "", "class_key=? "}, {"contents.kind", "Cahier numérique", "kind=2 "},
		{"contents.kind", "2", "kind=2 "}, {"contents.kind", "5", unknown},
		{"contents.media", "", "media=0 "}, {"contents.media", "non", "media=0 "},
		{"contents.at", "2026-03-29 02:30", "{local time that does not exist (daylight saving gap)}"},
		{"settings.value", "Instantané", "value=1 "}, {"settings.value", "closed", unknown},
		{"settings.setting", "product", `value="differe" `},
		{"settings.setting", "messages", unknown}, {"settings.from", "", "from_day=-1 "},
		{"settings.to", "", "to_day=-1 "}, {"settings.to", "2025-08-31", range_},
		{"report_books.level", "", `grade_level="" `}, {"report_books.level", "CM2", `grade_level="CM2" `},
		{"training.sessions", "", "sessions=1 "}, {"training.sessions", "0", wrongType},
		{"training.sessions", "-1", wrongType}, {"training.sessions", "1001", wrongType},
		{"messages.thread", "", `thread_key="9990001X$m1" `}, {"messages.sender", "", "sender_key=? "},
		{"messages.sender", "t1", "sender_key=? "},
		{"messages.recipient", "u-e1", "recipient_key=e1 "}, {"messages.recipient", "", "recipient=? "},
		{"messages.recipient", "x", `recipient="\x03x" `},
		{"messages.sent", "2025-09-10 18:40", range_}, {"messages.sent", "2025-09-12 12:01", range_},
		{"messages.opened", "", "opened_ms=0 "},
		{"messages.opened", "2025-09-10 18:01", "opened_ms=2025-09-10T16:02Z "},
		{"messages.opened", "2025-09-10 18:00", range_},
		{"messages.recipients", "", "recipients=0 "}, {"messages.recipients", "0", wrongType},
		{"messages.recipients", "99999999999", wrongType},
		{"messages.bytes", "", "bytes=-1 "}, {"messages.bytes", "-5", wrongType},
		{"messages.delivery", "Dépôt", "attached=0 "}, {"messages.delivery", "", "attached=-1 "},
		{"messages.deadline", "2025-09-12", "deadline_ms=2025-09-12T22:00Z "},
		{"messages.deadline", "", "deadline_ms=-1 "}, {"messages.deadline", "2025-09-09", range_},
		{"accompaniment.person", "p1", unknown}, {"accompaniment.form", "4", "form=4 "},
		{"accompaniment.form", "5", unknown}, {"accompaniment.form", "", "form=0 "},
		{"accompaniment.mode", "", "collective=0 "},
		{"equipment.computer", "", "has_computer=-1 "}, {"equipment.date", "", "local_date=-1 "},
		{"procedures.kind", "Fiche de renseignements", "kind=4 "}, {"procedures.deadline", "", "deadline_day=-1 "},
		{"procedures.done", "", "done_day=-1 "},
		{"loans.requested", "", "requested_day=-1 "}, {"loans.start", "", "start_day=-1 "},
		{"loans.end", "", "end_day=-1 "}, {"loans.start", "2025-09-19", range_},
		{"loans.end", "2025-09-30", range_}, {"meetings.joined", "non", "joined=0 "},
		{"meetings.joined", "", "joined=0 "}, {"meetings.person", "u-t1", unknown},
	} {
		name, field, _ := strings.Cut(c.field, ".")
		r := Named(name)
		got := read(t, r, mapping(r), changed(r, field, c.value))
		if !strings.Contains(got, c.want) {
			t.Errorf("%s = %q: %s, want %s", c.field, c.value, got, c.want)
		}
	}
}

// Without a column for it, a register does not say who opens, in what thread a message is, or that somebody did not
// come.
func TestWithoutColumns(t *testing.T) {
	for _, c := range []struct{ name, column, want string }{
		{"messages", "opened", "opened_ms=-1 "}, {"messages", "thread", "thread_key=? "},
		{"messages", "recipients", "recipients=0 "},
		{"messages", "delivery", "attached=-1 "}, {"meetings", "joined", "joined=1 "},
		{"training", "sessions", "sessions=1 "},
	} {
		r := Named(c.name)
		m := mapping(r)
		delete(m.Columns, c.column)
		if got := read(t, r, m, r.Example+"\n"); !strings.Contains(got, c.want) {
			t.Errorf("%s without %s: %s", c.name, c.column, got)
		}
	}
}

func TestSomeOf(t *testing.T) {
	if got := read(t, Named("loans"), mapping(Named("loans")), "u-e1;;;2025-10-01\n"); got != fmt.Sprintf("{%s}",
		ingest.ReasonMissingField) {
		t.Error(got)
	}
}

// All files of a register are read, one after the other: none takes the place of another.
func TestSeveralFiles(t *testing.T) {
	for _, r := range All() {
		d := directoryOf(t, r.Example+"\n")
		rows := 0
		tables := []Table{{Register: r, Files: []string{"a.csv", "b.csv"}, Mapping: mapping(r), Accounts: "entcore"}}
		err := Read(context.Background(), tables, d, func(*Register, *Row) error {
			rows++
			return nil
		})
		if err != nil || rows != 2 {
			t.Errorf("%s: %d rows, %v", r.Name, rows, err)
		}
	}
}

// Without a namespace persons have the directory's identifiers; of one that no account has, the reader warns.
func TestNamespaces(t *testing.T) {
	r := Named("procedures")
	for accounts, want := range map[string][2]int{"": {1, 0}, "pronote": {0, 1}} {
		d := directoryOf(t, "e1;bourse;;\np1;bourse;;\n")
		if err := Read(context.Background(),
			[]Table{{Register: r, Files: []string{"r.csv"}, Mapping: mapping(r), Accounts: accounts}}, d,
			nil); err != nil {
			t.Fatal(err)
		}
		if d.used != want[0] {
			t.Errorf("%q: %d rows", accounts, d.used)
		}
		if len(d.warnings) != want[1] {
			t.Errorf("%q: %q", accounts, d.warnings)
		}
	}
}

// A row that is refused does not bring its school into the perimeter, nor does a list of settings or trainings.
func TestPerimeter(t *testing.T) {
	for name, rows := range map[string]string{
		"contents": changed(Named("contents"), "kind", "?"), "settings": Named("settings").Example + "\n",
		"training": Named("training").Example + "\n",
	} {
		d := directoryOf(t, rows)
		if err := Read(context.Background(),
			[]Table{{Register: Named(name), Files: []string{"r.csv"}, Mapping: mapping(Named(name)),
				Accounts: "entcore"}}, d, nil); err != nil {
			t.Fatal(err)
		}
		if len(d.inside) > 0 {
			t.Errorf("%s: %q", name, d.inside)
		}
	}
}

// Whoever takes the rows may end the reading.
func TestRowIsRefused(t *testing.T) {
	full := errors.New("disk full")
	d, rows := directoryOf(t, strings.Repeat(Named("messages").Example+"\n", 3)), 0
	tables := []Table{{Register: Named("messages"), Files: []string{"r.csv"}, Mapping: mapping(Named("messages")),
		Accounts: "entcore"}}
	err := Read(context.Background(), tables, d, func(*Register, *Row) error {
		rows++
		return full
	})
	if !errors.Is(err, full) || rows != 1 {
		t.Errorf("%v after %d rows", err, rows)
	}
}

// What a mapping itself writes is a word of the field.
func TestWordsOfMapping(t *testing.T) {
	for _, c := range []struct {
		field, word string
		want        bool
	}{
		{"contents.kind", "vidéo", true}, {"contents.kind", "5", false}, {"report_books.level", "6e", true},
		{"report_books.level", "BTS", false},
		{"messages.sender_profile", "parent", true}, {"messages.sender_profile", "Responsable", false},
		{"meetings.joined", "oui", true},
		{"meetings.joined", "présent", false}, {"settings.value", "any product", true},
		{"messages.delivery", "", true}, {"training.sessions", "2", true},
	} {
		name, field, _ := strings.Cut(c.field, ".")
		m := mapping(Named(name))
		m.Values = map[string]map[string]string{field: {"raw": c.word}}
		err := m.CheckFields(Named(name).Tabular())
		if c.want != (err == nil) {
			t.Errorf("%s: %q: %v", c.field, c.word, err)
		}
	}
}

// A descriptor that names what is not there is refused.
func TestParse(t *testing.T) {
	const head = "[[register]]\nname = \"x\"\n"
	for text, want := range map[string]string{
		head + "order = [\"a\"]":                                   "no column a",
		head + "some_of = [\"a\"]":                                 "no field a",
		head + "latest = true":                                     "strict mode",
		head + "[[register.field]]\nname = \"f\"\ntype = \"text\"": "type \"text\" is not known",
		head + "[[register.field]]\nname = \"f\"\ntype = \"instant\"\nafter = \"g\"": "there is no field g",
	} {
		if _, err := parse([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	for _, r := range All() {
		if len(r.Order) == 0 || len(r.Readers) == 0 || r.FR == "" || r.EN == "" || r.RowName == "" {
			t.Errorf("%s is not described", r.Name)
		}
		for _, f := range r.Fields {
			if f.FR == "" || f.EN == "" {
				t.Errorf("%s.%s has no meaning", r.Name, f.Name)
			}
		}
	}
}

// FuzzRegisters: whatever the bytes, every record of a register is booked once, and what is kept is within its bounds.
func FuzzRegisters(f *testing.F) {
	names := Names()
	for i, name := range names {
		f.Add(uint8(i), []byte(Named(name).Example+"\n"+Named(name).Example))
	}
	f.Add(uint8(slices.Index(names, "settings")), []byte("9990001X;product;NEO;;\n9990001X;messages;closed;;\n"))
	f.Fuzz(func(t *testing.T, n uint8, data []byte) {
		r := Named(names[int(n)%len(names)])
		d, rows := &people{text: string(data), zone: time.UTC}, 0
		tables := []Table{{Register: r, Files: []string{"r.csv"}, Mapping: mapping(r), Accounts: "entcore"}}
		err := Read(context.Background(), tables, d, func(r *Register, row *Row) error {
			rows++
			for i, c := range r.Columns {
				if len(row.Texts[i]) > ingest.MaxID+16 {
					t.Fatal("an identifier out of its bounds")
				}
				if v := row.Values[i]; c.Bits == 8 && v != int64(int8(v)) || c.Bits == 32 && v != int64(int32(v)) {
					t.Fatalf("%s out of its bounds", c.Name)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if rows != d.used {
			t.Fatalf("%d rows of %d that were used", rows, d.used)
		}
	})
}
