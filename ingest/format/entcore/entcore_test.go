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
	return New(Options{Clock: formattest.Clock(t, "Europe/Paris"), Modules: &modules, Events: &events,
		Profiles: &profiles})
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

// TestErrorCollection: documents of events_format_error, after the cases of
// entcore's MongoDbEventStoreTest. What is wrong where we do not look is an event.
func TestErrorCollection(t *testing.T) {
	const valid = `{"_id":"i","event-type":"CREATE","module":"Conversation","date":1757916000000,"userId":"u",` +
		`"profil":"Relative"}`
	for _, test := range []struct {
		name, old, new string
		reason         ingest.Reason
		id             string
	}{
		{name: "valid", id: "i"},
		{name: "sessionId as text", old: `"userId"`, new: `"sessionId":"not-a-number","userId"`, id: "i"},
		{name: "shares as arrays", old: `"userId"`, new: `"shares":["a"],"share_rights":[{"x":1}],"userId"`, id: "i"},
		{name: "id as number", old: `"i"`, new: `12345`, id: "12345"},
		{name: "no id", old: `"_id":"i",`, id: ""},
		{name: "id as object", old: `"i"`, new: `{"a":1}`, id: ""},
		{name: "ua as number", old: `"userId"`, new: `"ua":7,"device_type":true,"resource_id":[1],"userId"`, id: "i"},
		{name: "event-type as number", old: `"CREATE"`, new: `12345`, reason: ingest.ReasonType},
		{name: "event-type null", old: `"CREATE"`, new: `null`, reason: ingest.ReasonType},
		{name: "event-type boolean", old: `"CREATE"`, new: `true`, reason: ingest.ReasonType},
		{name: "event-type empty", old: `"CREATE"`, new: `""`, reason: ingest.ReasonMissingField},
		{name: "no event-type", old: `"event-type":"CREATE",`, reason: ingest.ReasonMissingField},
		{name: "module as object", old: `"Conversation"`, new: `{"name":"auth"}`, reason: ingest.ReasonType},
		{name: "no module", old: `"module":"Conversation",`, reason: ingest.ReasonMissingField},
		{name: "date as text", old: `1757916000000`, new: `"2024-01-01"`, reason: ingest.ReasonType},
		{name: "no date", old: `"date":1757916000000,`, reason: ingest.ReasonMissingField},
		{name: "user as array", old: `"u"`, new: `["u"]`, reason: ingest.ReasonType},
	} {
		if !strings.Contains(valid, test.old) {
			t.Fatalf("%s: nothing to change", test.name)
		}
		r := formattest.Decode(t, format(t), []byte(strings.Replace(valid, test.old, test.new, 1)+"\n"))
		formattest.Check(t, r)
		if r.Counts.Read != 1 || r.Counts.Rejects[test.reason] != r.Counts.Rejected() ||
			(test.reason != "") == (len(r.Events) == 1) {
			t.Errorf("%s: %+v", test.name, r.Counts)
		} else if test.reason == "" && string(r.Events[0].ID) != test.id {
			t.Errorf("%s: id %q, want %q", test.name, r.Events[0].ID, test.id)
		}
	}
}

// TestPostgresCSV: rows of events.*_events as psql copies them, and the same as
// JSON, are the same events.
func TestPostgresCSV(t *testing.T) {
	const head = "id,date,profile,module,event_type,ua,device_type,platform_id,user_id,resource_id"
	csv := head + "\n" +
		"7f1,2025-09-15 08:00:02.5,Relative,Diary,ACCESS,\"Mozilla (iPhone, \"\"x\"\")\",,p,u,\n" +
		"7f2,2025-10-26 02:30:00.123456,Relative,Auth,LOGIN,,tablet,p,u,\n" +
		"7f3,2025-09-15 08:00:00,Teacher,Conversation,CREATE,,,p,v,m1\n" +
		"7f4,2025-09-15 08:00:00,,Portal,ACCESS,,,p,,\n"
	rows := `{"id":"7f1","date":"2025-09-15T08:00:02.5","profile":"Relative","module":"Diary","event_type":"ACCESS",` +
		`"ua":"Mozilla (iPhone, x)","user_id":"u"}` + "\n" +
		`{"id":"7f2","date":"2025-10-26T02:30:00.123456","profile":"Relative","module":"Auth","event_type":"LOGIN",` +
		`"device_type":"tablet","user_id":"u"}` + "\n" +
		`{"id":"7f3","date":"2025-09-15T08:00","profile":"Teacher","module":"Conversation","event_type":"CREATE",` +
		`"user_id":"v","resource_id":"m1"}` + "\n" +
		`{"id":"7f4","date":"2025-09-15T08:00","profile":null,"module":"Portal","event_type":"ACCESS","user_id":null}` +
		"\n"
	want := formattest.Decode(t, format(t), []byte(rows))
	if want.Counts.Events != 3 || want.Counts.Ignored[ingest.RuleAnonymous] != 1 ||
		want.Events[0].TsMs != 1757916002500 || want.Events[1].TsMs != 1761438600123 {
		t.Fatalf("%+v %+v", want.Counts, want.Events)
	}
	for _, text := range []string{csv, strings.ReplaceAll(csv, "\n", "\r\n"), csv + head + "\n"} {
		r := formattest.Decode(t, format(t), []byte(text))
		formattest.Check(t, r)
		if fmt.Sprint(r.Events) != fmt.Sprint(want.Events) ||
			r.Counts.Ignored[ingest.RuleComment] != int64(strings.Count(text, head)) || r.Counts.Rejected() != 0 {
			t.Errorf("%+v %+v\nwant %+v", r.Counts, r.Events, want.Events)
		}
	}
	for line, reason := range map[string]ingest.Reason{
		"7f1,2025-03-30 02:30:00,,Diary,ACCESS,,,p,u,":    ingest.ReasonTimeGap,
		"7f1,,,Diary,ACCESS,,,p,u,":                       ingest.ReasonMissingField,
		"7f1,1970-01-01 00:00:00,,Diary,ACCESS,,,p,u,":    ingest.ReasonTimeRange,
		"7f1,2999-01-01 00:00:00,,Diary,ACCESS,,,p,u,":    ingest.ReasonTimeRange,
		"7f1,2025-09-15 08:00:00,,,ACCESS,,,p,u,":         ingest.ReasonMissingField,
		"7f1,2025-09-15 08:00:00,,Diary,ACCESS,,,p,u":     ingest.ReasonFields,
		"7f1,2025-09-15 08:00:00,,Diary,ACCESS,,,p,\x00,": ingest.ReasonEncoding,
		"\"7f1,2025-09-15 08:00:00,,Diary,ACCESS,,,p,u,":  ingest.ReasonTruncated,
	} {
		r := formattest.Decode(t, format(t), []byte(head+"\n"+line))
		if r.Counts.Read != 2 || r.Counts.Rejects[reason] != 1 {
			t.Errorf("%q: %+v", line, r.Counts)
		}
	}
}

// TestPretty: documents of many lines, as mongoexport --pretty writes them.
func TestPretty(t *testing.T) {
	one := "{\n\t\"_id\": {\"$oid\": \"68c7d8a01234567890abcdef\"},\n\t\"event-type\": \"ACCESS\",\n" +
		"\t\"module\": \"Diary\",\n\t\"date\": {\"$numberLong\": \"1757916000000\"},\n\t\"userId\": \"u\"\n}\n"
	r := formattest.Decode(t, format(t), []byte(strings.Repeat(one, 300)))
	formattest.Check(t, r)
	formattest.Fuzz(t, format(t), []byte(strings.Repeat(one, 100)))
	if r.Counts.Events != 300 || r.Counts.Read != 300 {
		t.Errorf("%+v", r.Counts)
	}
}

// TestLongArray: an array on one line that is longer than a chunk.
func TestLongArray(t *testing.T) {
	one := `{"_id":"%d","event-type":"ACCESS","module":"Diary","date":1757916000000,"userId":"u%d",` +
		`"structures":["a"],"pad":"%s"}`
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
		return fmt.Sprintf(`{"_id":%q,"event-type":%q,"module":%q,"date":%d,"userId":%q,"profil":"Relative"}`, id,
			event, module, ms, user)
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
		{"escaped user", record("b", "ACCESS", "Diary", "é", second),
			strings.Replace(record("b", "ACCESS", "Diary", "é", second), `"é"`, `"\u00e9"`, 1), true},
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

func TestBadInput(t *testing.T) {
	document := func(date string) string {
		return `{"_id":"i","event-type":"ACCESS","module":"Diary","date":` + date + `,"userId":"u"}` + "\n"
	}
	s := formattest.Sample{Valid: document("1757916000000"), Old: document("1000"), Future: document("32472144000000"),
		Separator: ","}
	t.Run("documents", func(t *testing.T) { formattest.BadInput(t, format(t), s) })
	row := func(date string) string { return "7f1," + date + ",Relative,Diary,ACCESS,\"Mozilla\",u\n" }
	t.Run("rows", func(t *testing.T) {
		formattest.BadInput(t, format(t), formattest.Sample{
			Head: "id,date,profile,module,event_type,ua,user_id\n", Separator: ",",
			Valid: row("2025-09-15 08:00:00"), Old: row("1970-01-01 08:00:00"), Future: row("2999-01-01 08:00:00"),
			Gap: row("2025-03-30 02:30:00"), Overlap: row("2025-10-26 02:30:00"),
		})
	})
}

func FuzzDecode(f *testing.F) {
	excerpt := formattest.Excerpt(f, "events.ndjson")
	for _, line := range bytes.SplitAfter(excerpt, []byte("\n")) {
		f.Add(line)
	}
	array, _ := asArray(f, ",")
	f.Add(array)
	f.Add([]byte("id,date,profile,module,event_type,user_id\n" +
		"1,2025-09-15 08:00:02.5,Relative,Diary,ACCESS,\"u\"\"v\"\n"))
	form := format(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		formattest.Fuzz(t, form, data)
	})
}

func BenchmarkDecode(b *testing.B) {
	line, _, _ := bytes.Cut(formattest.Excerpt(b, "events.ndjson"), []byte("\n"))
	chunk := bytes.Repeat(append(line, '\n'), 3000)
	d := format(b).Open(chunk).NewDecoder()
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

// TestExchange: see formattest.Exchange.
func TestExchange(t *testing.T) {
	for name, l := range map[string]formattest.Line{
		"documents": {Text: `{"_id":"i","event-type":"ACCESS","module":"Diary","date":1757916000000,"userId":"u1",` +
			`"profil":"Relative"}`, Separator: ","},
		"rows": {Head: "id,date,profile,module,event_type,ua,user_id\n",
			Text: `7f1,2025-09-15 08:00:00,Relative,Diary,ACCESS,"Mozilla",u1`, Separator: ",",
			Alike: []string{"7f1", "Mozilla"}},
	} {
		t.Run(name, func(t *testing.T) {
			l.Account = "u1"
			formattest.Exchange(t, format(t), l)
		})
	}
}
