package entcore

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/formattest"
)

var update = flag.Bool("update", false, "write the goldens")

func format(t testing.TB) *Format {
	t.Helper()
	var modules, events, profiles ingest.Names
	for name, service := range map[string]ingest.Service{
		"Competences": ingest.ServiceGrades, "Diary": ingest.ServiceHomework, "Conversation": ingest.ServiceMessages,
		"Portal": ingest.ServicePortal, "Directory": ingest.ServiceAccount,
	} {
		modules.Add(name, ingest.Meaning{Service: service})
	}
	events.Add("LOGIN", ingest.Meaning{Service: ingest.ServiceSignIn, Action: ingest.ActionLogin})
	events.Add("ACTIVATION", ingest.Meaning{Service: ingest.ServiceSignIn, Action: ingest.ActionActivation})
	events.Add("ACCESS", ingest.Meaning{})
	events.Add("CREATE", ingest.Meaning{Action: ingest.ActionSend})
	events.Add("IMPORT", ingest.Meaning{Ignore: ingest.RuleNotActivity})
	profiles.Add("Relative", ingest.Meaning{Profile: ingest.ProfileParent})
	profiles.Add("Student", ingest.Meaning{Profile: ingest.ProfilePupil})
	profiles.Add("Teacher", ingest.Meaning{Profile: ingest.ProfileTeacher})
	return New(Options{Clock: formattest.Clock(t, "Europe/Paris"), Modules: &modules, Events: &events, Profiles: &profiles})
}

func TestLines(t *testing.T) {
	r := formattest.Decode(t, format(t), formattest.Excerpt(t, "events.ndjson"))
	formattest.Check(t, r)
	formattest.Golden(t, "events", r, *update)
}

// asArray turns the good lines of the excerpt into the export API's array.
func asArray(t testing.TB, separator string) ([]byte, int) {
	var objects []string
	for _, line := range strings.Split(string(formattest.Excerpt(t, "events.ndjson")), "\n") {
		if json.Valid([]byte(line)) {
			objects = append(objects, line)
		}
	}
	return []byte("[" + strings.Join(objects, separator) + "]"), len(objects)
}

func TestArray(t *testing.T) {
	lines := formattest.Decode(t, format(t), formattest.Excerpt(t, "events.ndjson"))
	for _, separator := range []string{",", " , ", ",\n", "\n,\n"} {
		data, n := asArray(t, separator)
		r := formattest.Decode(t, format(t), data)
		formattest.Check(t, r)
		if int(r.Counts.Read) != n || fmt.Sprint(r.Events) != fmt.Sprint(lines.Events) {
			t.Errorf("separator %q: %+v", separator, r.Counts)
		}
		cut := formattest.Decode(t, format(t), data[:len(data)-20])
		if int(cut.Counts.Read) != n || cut.Counts.Rejects[ingest.ReasonTruncated] != 1 {
			t.Errorf("separator %q, cut: %+v", separator, cut.Counts)
		}
	}
}

// TestLongArray: an array on one line that is longer than a chunk.
func TestLongArray(t *testing.T) {
	one := `{"_id":"%d","event-type":"ACCESS","module":"Diary","date":1757916000000,"userId":"u%d","structures":["a"],"pad":"%s"}`
	var b bytes.Buffer
	n := 3000
	for i := range n {
		fmt.Fprintf(&b, ",")
		fmt.Fprintf(&b, one, i, i, strings.Repeat(`}{\"`, i%400))
	}
	b.WriteString("]")
	b.Bytes()[0] = '['
	r := formattest.Decode(t, format(t), b.Bytes())
	formattest.Check(t, r)
	if int(r.Counts.Events) != n || r.Counts.Read != r.Counts.Events || b.Len() < ingest.ChunkSize {
		t.Fatalf("%+v of %d bytes", r.Counts, b.Len())
	}
	for i, e := range r.Events {
		if string(e.Account) != fmt.Sprintf("u%d", i) {
			t.Fatalf("event %d is of %s", i, e.Account)
		}
	}
}

// TestAgainstEncodingJSON: what encoding/json writes is read as it was.
func TestAgainstEncodingJSON(t *testing.T) {
	form := format(t)
	rapid.Check(t, func(rt *rapid.T) {
		user := rapid.StringN(1, 40, -1).Draw(rt, "user")
		other := rapid.String().Draw(rt, "other")
		ms := rapid.Int64Range(1_000_000_000_000, 4_000_000_000_000).Draw(rt, "ms")
		data, err := json.Marshal(map[string]any{
			"event-type": "ACCESS", "module": "Diary", "date": ms, "userId": user, "referer": other,
			"shares": []any{other, map[string]any{other: other}}, "structures": []string{"s"},
		})
		if err != nil {
			rt.Skip()
		}
		r := formattest.Decode(t, form, data)
		if len(r.Events) != 1 || r.Events[0].TsMs != ms || string(r.Events[0].School) != "s" {
			rt.Fatalf("%+v", r.Counts)
		}
		var back struct{ UserID string }
		if json.Unmarshal(data, &back); string(r.Events[0].Account) != back.UserID && back.UserID != "" {
			rt.Fatalf("account %q, want %q", r.Events[0].Account, back.UserID)
		}
	})
}

// TestToldTwice: which records are one event.
func TestToldTwice(t *testing.T) {
	record := func(id, event, module, user string, ms int64) string {
		return fmt.Sprintf(`{"_id":%q,"event-type":%q,"module":%q,"date":%d,"userId":%q,"profil":"Relative"}`, id, event, module, ms, user)
	}
	const second = 1757916000000
	login := record("a", "LOGIN", "Auth", "u", second+10)
	access := record("a", "ACCESS", "Diary", "u", second+10)
	create := record("a", "CREATE", "Conversation", "u", second+10)
	tests := []struct {
		name, first, second string
		same                bool
	}{
		{"a payload stored again", create, create, true},
		{"another message", create, record("b", "CREATE", "Conversation", "u", second+10), false},
		{"login stored again", login, login, true},
		{"activation and its login", record("b", "ACTIVATION", "Auth", "u", second+900), login, true},
		{"login of an application", record("b", "LOGIN", "app-mobile", "u", second+20), login, true},
		{"login a second later", record("b", "LOGIN", "Auth", "u", second+1000), login, false},
		{"login of another", record("b", "LOGIN", "Auth", "v", second+10), login, false},
		{"access on the web and in the application", record("b", "ACCESS", "Diary", "u", second+999), access, true},
		{"access stored again", access, access, true},
		{"access to another module", record("a", "ACCESS", "Competences", "u", second+10), access, false},
		{"access a second later", record("a", "ACCESS", "Diary", "u", second+1010), access, false},
		{"access by another", record("a", "ACCESS", "Diary", "v", second+10), access, false},
		{"access and login", access, login, false},
		{"escaped user", record("b", "ACCESS", "Diary", "é", second), strings.Replace(record("b", "ACCESS", "Diary", "é", second), `"é"`, `"\u00e9"`, 1), true},
	}
	for _, test := range tests {
		r := formattest.Decode(t, format(t), []byte(test.first+"\n"+test.second+"\n"))
		if len(r.Events) != 2 {
			t.Fatalf("%s: %+v", test.name, r.Counts)
		}
		if same := bytes.Equal(r.Events[0].ID, r.Events[1].ID); same != test.same || len(r.Events[0].ID) == 0 {
			t.Errorf("%s: same event %t, want %t", test.name, same, test.same)
		}
	}
}

func FuzzDecode(f *testing.F) {
	excerpt := formattest.Excerpt(f, "events.ndjson")
	for _, line := range bytes.SplitAfter(excerpt, []byte("\n")) {
		f.Add(line)
	}
	array, _ := asArray(f, ",")
	f.Add(array)
	form := format(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		formattest.Fuzz(t, form, data)
	})
}

func BenchmarkDecode(b *testing.B) {
	line, _, _ := bytes.Cut(formattest.Excerpt(b, "events.ndjson"), []byte("\n"))
	chunk := bytes.Repeat(append(line, '\n'), 3000)
	d := format(b).NewDecoder()
	b.SetBytes(int64(len(chunk)))
	b.ReportAllocs()
	for b.Loop() {
		d.Decode(chunk, nothing{})
	}
}

type nothing struct{}

func (nothing) Event(*ingest.Event)  {}
func (nothing) Ignore(ingest.Rule)   {}
func (nothing) Reject(ingest.Reject) {}
