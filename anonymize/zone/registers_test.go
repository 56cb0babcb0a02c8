package zone

import (
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/entscope/entscope/anonymize/pseudonym"
	"github.com/entscope/entscope/anonymize/zone/zonetest"
	"github.com/entscope/entscope/ingest/register"
	"github.com/entscope/entscope/ingest/tabular"

	"github.com/entscope/entscope/anonymize/durable"
)

// registerTexts are one file of each register, whose columns bear the names of
// the fields. Person 1 is a pupil, 11 and 12 are parents, 12bis is 12 again.
var registerTexts = map[string]string{
	"publications": "school;class;at;assessed;returned\n" +
		"9990001X;6A;2025-09-10 18:00;2025-09-01;\n9990001X;6A;2025-09-10 18:00;2025-09-01;\n",
	"contents": "school;class;at;kind;media\n" +
		"ent-1;;2025-09-11 08:00;actualité;non\n" +
		"9990001X;6A;2025-09-10 18:00;blog;oui\n9990001X;6A;2025-09-10 18:00;blog;oui\n",
	"settings": "school;setting;value;from;to\n" +
		"9990001X;product;Zeta;2025-09-01;\n9990001X;product;zêta;2025-09-01;2025-10-01\n9990002Y;product;ALPHA;;\n" +
		"9990001X;grades;différé;;\n9990001X;messages;principal;;\n",
	"report_books": "school;level;at\n9990001X;6EME;2025-12-05 18:00\n9990001X;;2025-12-06 18:00\n",
	"training":     "school;date;sessions\n9990001X;2025-10-01;2\n",
	"messages": "message;thread;school;sender;sender_profile;recipient;recipient_profile;sent;opened;" +
		"recipients;bytes;delivery;deadline\n" +
		"m-77001;f-88001;9990001X;9;teacher;11;parent;2025-09-10 18:00;2025-09-10 19:00;;2048;dépôt;2025-09-12\n" +
		"m-77001;f-88001;9990001X;9;teacher;12bis;parent;2025-09-10 18:00;;;2048;dépôt;2025-09-12\n" +
		"m-77001;f-88001;9990001X;9;teacher;4711;parent;2025-09-10 18:00;;;2048;dépôt;2025-09-12\n" +
		"f-88001;;9990001X;11;parent;9;teacher;2025-09-10 08:00;;;;;\n",
	"accompaniment": "person;date\n12;2025-10-01\n",
	"equipment":     "child;computer\n1;oui\n",
	"procedures": "child;kind;deadline;done\n" +
		"1;bourse;2025-10-16;\n1;bourse;2025-10-16;2025-10-20\n1;bourse;2025-10-16;2025-10-02\n1;fiche;;\n",
	"loans": "child;requested;start;end\n" +
		"1;2025-09-20;;\n1;2025-09-20;2025-10-01;\n1;2025-09-20;2025-10-01;2025-12-01\n2;;2025-10-01;\n",
	"meetings": "meeting;person;date;joined\n" +
		"v-99001;12bis;2025-10-01;non\nv-99001;12;2025-10-01;oui\nv-99001;11;2025-10-01;non\n",
}

// registerTables map the columns of registerTexts to the fields of their names.
func registerTables() []register.Table {
	var tables []register.Table
	for _, r := range register.All() {
		if registerTexts[r.Name] == "" {
			continue
		}
		m := &tabular.Mapping{Columns: map[string]any{}, Date: "2006-01-02", DateTime: "2006-01-02 15:04"}
		header, _, _ := strings.Cut(registerTexts[r.Name], "\n")
		for _, f := range strings.Split(header, ";") {
			m.Columns[f] = f
		}
		tables = append(tables, register.Table{Register: r, Files: []string{r.Name + ".csv"}, Mapping: m})
	}
	return tables
}

func checkRows[T comparable](t *testing.T, dir string, p *People, table string, want ...T) {
	t.Helper()
	got := readRows[T](t, dir, p, table)
	for _, row := range want {
		if !slices.Contains(got, row) {
			t.Errorf("%s: no row %+v", table, row)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%s: %d rows, want %d\n%+v", table, len(got), len(want), got)
	}
}

// writeRegisters writes the test directory with these registers into the zone in dir.
func writeRegisters(t *testing.T, dir string, texts map[string]string, k *pseudonym.StudyKey) *People {
	t.Helper()
	taken, err := NewRegisters(durable.Disk{}, dir, k)
	if err != nil {
		t.Fatal(err)
	}
	d := readTestFiles(t, testAAF, texts, taken.Add)
	p, err := WritePeople(context.Background(), durable.Disk{}, dir, d, taken, k)
	if err := errors.Join(err, taken.Close()); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestWriteRegisters(t *testing.T) {
	dir, k := filepath.Join(t.TempDir(), "restricted"), testStudy(t)
	p := writeRegisters(t, dir, registerTexts, k)
	key := func(namespace, id string) int64 {
		if strings.HasPrefix(namespace, "aaf/") {
			return k.Persons(namespace).Key([]byte(id))
		}
		return k.Hasher(namespace).Key([]byte(id))
	}
	ms := func(text string) int64 {
		at, err := time.Parse("2006-01-02 15:04", text)
		if err != nil {
			t.Fatal(err)
		}
		return at.UnixMilli()
	}
	day := func(text string) int32 { return int32(ms(text+" 00:00") / 86_400_000) }
	class, child, second := key("class", "9990001X$6A"), key("aaf/pupil", "1"), key("aaf/pupil", "2")
	mother, father := key("aaf/parent", "11"), key("aaf/parent", "12")
	sept10 := day("2025-09-10")

	checkRows(t, dir, p, "publications", zonetest.PublicationRow{SchoolKey: 9990001, ClassKey: class,
		TsMs: ms("2025-09-10 18:00"), LocalDate: sept10, AssessedDay: day("2025-09-01"), ReturnedDay: -1})
	checkRows(t, dir, p, "contents",
		zonetest.ContentRow{SchoolKey: 9990001, ClassKey: class, TsMs: ms("2025-09-10 18:00"), LocalDate: sept10,
			Kind: 1, Media: 1}, zonetest.ContentRow{SchoolKey: 9990001, ClassKey: 0, TsMs: ms("2025-09-11 08:00"),
			LocalDate: sept10 + 1, Kind: 4, Media: 0})
	checkRows(t, dir, p, "settings",
		zonetest.SettingRow{SchoolKey: 9990001, Setting: 3, Value: 2, FromDay: day("2025-09-01"),
			ToDay: day("2025-10-01")},
		zonetest.SettingRow{SchoolKey: 9990002, Setting: 3, Value: 1, FromDay: -1, ToDay: -1},
		zonetest.SettingRow{SchoolKey: 9990001, Setting: 1, Value: 2, FromDay: -1, ToDay: -1},
		zonetest.SettingRow{SchoolKey: 9990001, Setting: 2, Value: 2, FromDay: -1, ToDay: -1})
	checkRows(t, dir, p, "report_books",
		zonetest.ReportBookRow{SchoolKey: 9990001, GradeLevel: "6e", TsMs: ms("2025-12-05 18:00"),
			LocalDate: day("2025-12-05")}, zonetest.ReportBookRow{SchoolKey: 9990001, GradeLevel: "",
			TsMs: ms("2025-12-06 18:00"), LocalDate: day("2025-12-06")})
	checkRows(t, dir, p, "training",
		zonetest.TrainingRow{SchoolKey: 9990001, LocalDate: day("2025-10-01"), Sessions: 2})
	sent := zonetest.MessageRow{
		MessageKey: key("message", "9990001X$m-77001"), ThreadKey: key("thread", "9990001X$f-88001"),
		SchoolKey: 9990001, SenderProfile: 2, RecipientKey: mother, RecipientProfile: 3, Recipients: 3,
		SentMs: ms("2025-09-10 18:00"), SentDate: sept10, SentHour: 18, OpenedMs: ms("2025-09-10 19:00"), Bytes: 2048,
		Attached: 0, DeadlineMs: ms("2025-09-13 00:00"),
	}
	unopened, stranger, first := sent, sent, sent
	unopened.RecipientKey, unopened.OpenedMs = father, 0
	stranger.RecipientKey, stranger.OpenedMs = 0, 0
	first = zonetest.MessageRow{
		MessageKey: key("message", "9990001X$f-88001"), ThreadKey: sent.ThreadKey, SchoolKey: 9990001,
		SenderKey: mother, SenderProfile: 3, RecipientProfile: 2, Recipients: 1, SentMs: ms("2025-09-10 08:00"),
		SentDate: sept10, SentHour: 8, Bytes: -1, Attached: -1, DeadlineMs: -1,
	}
	checkRows(t, dir, p, "messages", sent, unopened, stranger, first)
	checkRows(t, dir, p, "procedures", zonetest.ProcedureRow{ChildKey: child, Kind: 1, DeadlineDay: day("2025-10-16"),
		DoneDay: day("2025-10-02")}, zonetest.ProcedureRow{ChildKey: child, Kind: 4, DeadlineDay: -1, DoneDay: -1})
	checkRows(t, dir, p, "loans",
		zonetest.LoanRow{ChildKey: child, RequestedDay: day("2025-09-20"), StartDay: day("2025-10-01"),
			EndDay: day("2025-12-01")},
		zonetest.LoanRow{ChildKey: second, RequestedDay: -1, StartDay: day("2025-10-01"), EndDay: -1})
	meeting := key("meeting", "v-99001")
	checkRows(t, dir, p, "meetings",
		zonetest.MeetingRow{MeetingKey: meeting, PersonKey: father, LocalDate: day("2025-10-01"), Joined: 1},
		zonetest.MeetingRow{MeetingKey: meeting, PersonKey: mother, LocalDate: day("2025-10-01"), Joined: 0})
}

// The order of the rows of the registers changes nothing of what is written, and
// no identifier and no name of theirs is in it.
func TestWriteRegistersOrder(t *testing.T) {
	reversed := map[string]string{}
	for kind, text := range registerTexts {
		lines := strings.SplitAfter(text, "\n")
		slices.Reverse(lines[1:])
		reversed[kind] = strings.Join(lines, "")
	}
	var files [][]TableFile
	for _, texts := range []map[string]string{registerTexts, reversed} {
		dir := t.TempDir()
		p := writeRegisters(t, dir, texts, testStudy(t))
		files = append(files, p.Files)
		for _, f := range p.Files {
			content, err := os.ReadFile(filepath.Join(dir, f.Path))
			if err != nil {
				t.Fatal(err)
			}
			for _, raw := range []string{"m-77001", "f-88001", "v-99001", "zeta", "Zeta", "alpha", "4711", "6A"} {
				if bytes.Contains(content, []byte(raw)) {
					t.Errorf("%s holds %s", f.Table, raw)
				}
			}
		}
	}
	if !slices.Equal(files[0], files[1]) {
		t.Errorf("another order, other tables:\n%+v\n%+v", files[0], files[1])
	}
}

// A register that changes changes the zone, and how no event is read.
func TestHashIsOfAccounts(t *testing.T) {
	texts := maps.Clone(registerTexts)
	texts["training"] += "9990002Y;2025-10-02;1\n"
	a, err := WritePeople(context.Background(), durable.Disk{}, t.TempDir(), readTestDirectory(t), nil, testStudy(t))
	if err != nil {
		t.Fatal(err)
	}
	b := writeRegisters(t, t.TempDir(), texts, testStudy(t))
	if a.Hash() != b.Hash() || slices.Equal(a.Files, b.Files) {
		t.Errorf("another register: hashes %s and %s", a.Hash(), b.Hash())
	}
	d := readTestDirectory(t)
	d.Accounts[0].Person = d.Accounts[len(d.Accounts)-1].Person
	c, err := WritePeople(context.Background(), durable.Disk{}, t.TempDir(), d, nil, testStudy(t))
	if err != nil || a.Hash() == c.Hash() {
		t.Errorf("another's account, the same hash: %v", err)
	}
	d = readTestDirectory(t)
	delete(d.Aliases, "ent-1")
	if c, err = WritePeople(context.Background(), durable.Disk{}, t.TempDir(), d, nil, testStudy(t)); err != nil ||
		a.Hash() == c.Hash() {
		t.Errorf("without an alias, the same hash: %v", err)
	}
}

func openText(files map[string]string) func(string) (io.ReadCloser, error) {
	return func(name string) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(files[name])), nil }
}
