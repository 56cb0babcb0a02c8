package combined

import (
	"flag"
	"strings"
	"testing"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/formattest"
)

var update = flag.Bool("update", false, "write the goldens")

func format(t testing.TB) *Format {
	t.Helper()
	var urls ingest.Paths
	urls.Add("/pronote/parent.html", ingest.Meaning{Service: ingest.ServiceSchoolLife, Profile: ingest.ProfileParent})
	urls.Add("/pronote/presence", ingest.Meaning{Ignore: ingest.RuleKeepAlive})
	urls.Add("/pronote", ingest.Meaning{Service: ingest.ServiceSchoolLife})
	var names ingest.Names
	names.Add("Notes", ingest.Meaning{Service: ingest.ServiceGrades})
	return New(Options{Clock: formattest.Clock(t, "Europe/Paris"), URLs: &urls, Names: &names})
}

const valid = `90.1.2.3 - p.dupont [26/Oct/2025:02:30:05 +0200] "GET /pronote/parent.html?ticket=ST-1-secret ` +
	`HTTP/1.1" 200 8123 "https://ent.example.fr/" "Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) Mobile"`

func TestRecord(t *testing.T) {
	parent := ingest.Event{
		TsMs: 1761438605000, LocalDate: 20387, LocalHour: 2, Account: []byte("p.dupont"), Profile: ingest.ProfileParent,
		Service: ingest.ServiceSchoolLife, Device: ingest.DevicePhone, Channel: ingest.ChannelWeb, Weight: 1,
	}
	tests := []struct {
		name     string
		old, new string // a change of the valid line
		event    func(*ingest.Event)
		rule     ingest.Rule
		reason   ingest.Reason
	}{
		{name: "valid", event: func(*ingest.Event) {}},
		{name: "the hour that comes twice", old: "+0200", new: "+0100", event: func(e *ingest.Event) {
			e.TsMs += 3_600_000
		}},
		{name: "another offset", old: "02:30:05 +0200", new: "00:30:05 -0000", event: func(*ingest.Event) {}},
		{name: "vhost", old: "90.1.2.3", new: "ent.example.fr:443 90.1.2.3", event: func(*ingest.Event) {}},
		{name: "IPv6", old: "90.1.2.3", new: "2001:db8::1", event: func(*ingest.Event) {}},
		{name: "quoted user", old: "p.dupont", new: `"p.dupont"`, event: func(*ingest.Event) {}},
		{name: "mail address", old: "p.dupont", new: "p.dupont@ent.fr", event: func(e *ingest.Event) {
			e.Account = []byte("p.dupont@ent.fr")
		}},
		{name: "user with a space", old: "p.dupont", new: "p dupont", reason: ingest.ReasonMalformed},
		{name: "user with a bracket", old: "p.dupont", new: "p [x", reason: ingest.ReasonMalformed},
		{name: "cookie behind", old: `Mobile"`, new: `Mobile" TRACE-abc`, event: func(*ingest.Event) {}},
		{name: "escaped quote", old: "(iPhone", new: `(\"iPhone\"`, event: func(*ingest.Event) {}},
		{name: "other page", old: "parent.html", new: "x", event: func(e *ingest.Event) { e.Profile = 0 }},
		{name: "unknown page", old: "/pronote/parent.html", new: "/x", event: func(e *ingest.Event) {
			e.Profile, e.Service = 0, 0
		}},
		{name: "external application", old: "/pronote/parent.html?ticket=",
			new: "/portail/ExternalURLStats?a=b&fname=Notes_College_X&service=", event: func(e *ingest.Event) {
				e.Profile, e.Service = 0, ingest.ServiceGrades
			}},
		{name: "absolute URL", old: "GET /", new: "GET https://host/", event: func(*ingest.Event) {}},
		{name: "no bytes", old: "8123", new: "-", event: func(*ingest.Event) {}},
		{name: "no agent", old: `"Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) Mobile"`, new: `"-"`,
			event: func(e *ingest.Event) {
				e.Device, e.Channel = 0, 0
			}},
		{name: "nobody", old: "p.dupont", new: "-", rule: ingest.RuleAnonymous},
		{name: "keep-alive", old: "parent.html", new: "presence/7", rule: ingest.RuleKeepAlive},
		{name: "static", old: "parent.html", new: "a.css", rule: ingest.RuleStatic},
		{name: "static with a version", old: "parent.html?ticket", new: "a.js?v", rule: ingest.RuleStatic},
		{name: "robot", old: "(iPhone", new: "(Googlebot", rule: ingest.RuleRobot},
		{name: "monitor", old: "(iPhone", new: "(Zabbix", rule: ingest.RuleHealth},
		{name: "refused", old: " 200 ", new: " 403 ", rule: ingest.RuleFailed},
		{name: "failed sign-in", old: " 200 ", new: " 401 ", event: func(e *ingest.Event) {
			e.Service, e.Action, e.Profile = ingest.ServiceSignIn, ingest.ActionLoginFailed, ingest.ProfileUnknown
		}},
		{name: "failed sign-in of nobody",
			old: `p.dupont [26/Oct/2025:02:30:05 +0200] "GET /pronote/parent.html?ticket=ST-1-secret HTTP/1.1" 200`,
			new: `- [26/Oct/2025:02:30:05 +0200] "GET /pronote/parent.html HTTP/1.1" 401`, rule: ingest.RuleAnonymous},
		{name: "keep-alive of an ended session", old: `parent.html?ticket=ST-1-secret HTTP/1.1" 200`,
			new: `presence/7 HTTP/1.1" 401`, rule: ingest.RuleKeepAlive},
		{name: "server fault", old: " 200 ", new: " 503 ", rule: ingest.RuleFailed},
		{name: "HEAD", old: "GET ", new: "HEAD ", rule: ingest.RuleNotActivity},
		{name: "garbage the server refused", old: `GET /pronote/parent.html?ticket=ST-1-secret HTTP/1.1" 200`,
			new: `\x16\x03" 400`, rule: ingest.RuleFailed},
		{name: "no status", old: " 200 ", new: " ", reason: ingest.ReasonMalformed},
		{name: "no time", old: "[26/Oct/2025:02:30:05 +0200]", new: "-", reason: ingest.ReasonMalformed},
		{name: "ISO date, comma milliseconds", old: "26/Oct/2025:02:30:05 +0200", new: "2025-10-26 02:30:05,000",
			event: func(*ingest.Event) {}},
		{name: "ISO date, milliseconds count", old: "26/Oct/2025:02:30:05 +0200", new: "2025-10-26 02:30:05,123",
			event: func(e *ingest.Event) { e.TsMs += 123 }},
		{name: "ISO date with its offset", old: "26/Oct/2025:02:30:05 +0200", new: "2025-10-26T00:30:05.123Z",
			event: func(e *ingest.Event) { e.TsMs += 123 }},
		{name: "ISO date, an offset apart", old: "26/Oct/2025:02:30:05 +0200", new: "2025-10-26 02:30:05 +0100",
			event: func(e *ingest.Event) { e.TsMs += 3_600_000 }},
		{name: "ISO date in the hour that is not", old: "26/Oct/2025:02:30:05 +0200", new: "2025-03-30 02:30:05,123",
			reason: ingest.ReasonTimeGap},
		{name: "no such ISO day", old: "26/Oct/2025:02:30:05 +0200", new: "2025-02-30 02:30:05,123",
			reason: ingest.ReasonTimestamp},
		{name: "ISO date before logs", old: "26/Oct/2025:02:30:05 +0200", new: "1970-02-03 02:30:05,123",
			reason: ingest.ReasonTimeRange},
		{name: "ISO date cut", old: "26/Oct/2025:02:30:05 +0200", new: "2025-10-26 02:30",
			reason: ingest.ReasonTimestamp},
		{name: "ISO date behind the account's", old: "p.dupont [26/Oct/2025:02:30:05 +0200]",
			new: "p.dupont 12 [2025-10-26 02:30:05,123]", reason: ingest.ReasonMalformed},
		{name: "a shipper's ISO date", old: "90.1.2.3", new: "2025-10-26 02:30:05,123 90.1.2.3",
			event: func(*ingest.Event) {}},
		{name: "no such day", old: "26/Oct", new: "31/Feb", reason: ingest.ReasonTimestamp},
		{name: "no such hour", old: ":02:30:05", new: ":24:30:05", reason: ingest.ReasonTimestamp},
		{name: "French month", old: "Oct", new: "oct", reason: ingest.ReasonTimestamp},
		{name: "before logs", old: "2025", new: "1970", reason: ingest.ReasonTimeRange},
		{name: "far future", old: "2025", new: "2999", reason: ingest.ReasonTimeRange},
		{name: "cut short", old: ` Mobile"`, new: "", reason: ingest.ReasonTruncated},
		{name: "cut in the request",
			old: ` HTTP/1.1" 200 8123 "https://ent.example.fr/" "Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS ` +
				`X) Mobile"`, new: "", reason: ingest.ReasonMalformed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if !strings.Contains(valid, tt.old) {
				t.Fatal("nothing to change")
			}
			r := formattest.Decode(t, format(t), []byte(strings.Replace(valid, tt.old, tt.new, 1)+"\r\n"))
			formattest.Check(t, r)
			if r.Counts.Read != 1 || r.Counts.Ignored[tt.rule] != r.Counts.Skipped() ||
				r.Counts.Rejects[tt.reason] != r.Counts.Rejected() ||
				(tt.rule != "") != (r.Counts.Skipped() == 1) || (tt.reason != "") != (r.Counts.Rejected() == 1) {
				t.Fatalf("counts %+v", r.Counts)
			}
			if tt.event == nil {
				return
			}
			want := parent
			tt.event(&want)
			if !equal(r.Events[0], want) {
				t.Errorf("event %+v\nwant  %+v", r.Events[0], want)
			}
		})
	}
}

func equal(a, b ingest.Event) bool {
	texts := string(a.Account) == string(b.Account) && len(a.School)+len(a.Child)+len(a.Object)+len(a.ID) == 0
	a.Account, a.School, a.Child, a.Object, a.ID = nil, nil, nil, nil, nil
	b.Account = nil
	return texts && a.TsMs == b.TsMs && a.LocalDate == b.LocalDate && a.LocalHour == b.LocalHour &&
		a.Profile == b.Profile &&
		a.Service == b.Service && a.Action == b.Action && a.Device == b.Device && a.Channel == b.Channel &&
		a.Weight == b.Weight
}

// TestCommon reads a log in the Common Log Format, as Tomcat and Spring Boot write
// it, and tells it from a combined log that was cut.
func TestCommon(t *testing.T) {
	common := strings.Split(valid, ` "https://`)[0]
	for name, c := range map[string]struct {
		log             string
		events, rejects int64
	}{
		"common":                     {common + "\n" + common + "\n", 2, 0},
		"common with a duration":     {common + " 12\n" + common + " 0.012\n", 2, 0},
		"combined with one line cut": {valid + "\n" + common + "\n" + valid + "\n", 2, 1},
		"a line cut, and no more":    {common, 0, 1},
		"common, a combined among":   {common + "\n" + valid + "\n" + common + "\n", 3, 0},
		"common with its host":       {common + " ent.example.fr\n" + common + " ent.example.fr\n", 2, 0},
		"lines of an old Mac":        {valid + "\r" + valid + "\r" + valid, 3, 0},
	} {
		r := formattest.Decode(t, format(t), []byte(c.log))
		formattest.Check(t, r)
		if r.Counts.Events != c.events || r.Counts.Rejected() != c.rejects {
			t.Errorf("%s: %d events, %d rejects; want %d and %d", name, r.Counts.Events, r.Counts.Rejected(), c.events,
				c.rejects)
		}
	}
	r := formattest.Decode(t, format(t), []byte(common+"\n"))
	if len(r.Events) != 1 || r.Events[0].Device != ingest.DeviceUnknown {
		t.Errorf("events %+v, want one of an unknown device", r.Events)
	}
}

func TestRealExcerpt(t *testing.T) {
	r := formattest.Decode(t, format(t), formattest.Excerpt(t, "apache_excerpt.log"))
	formattest.Check(t, r)
	formattest.Golden(t, "apache_excerpt", r, *update)
}

// TestRealLog reads all of the real log, where it is there; the excerpt above
// holds its odd lines.
func TestRealLog(t *testing.T) {
	data, ok := formattest.Shared(t, "weblogs/apache_logs")
	if !ok {
		t.Skip("no ../shared/data: the excerpt is checked by TestRealExcerpt")
	}
	r := formattest.Decode(t, format(t), data)
	formattest.Check(t, r)
	c := r.Counts
	if c.Read != 10_000 || c.Rejects[ingest.ReasonTruncated] != 1 || c.Rejected() != 1 || c.Events != 0 {
		t.Errorf("%+v", c)
	}
}

// TestEveryByteCut: a line cut anywhere is a reject or, where what is missing is
// not needed, still one record; it is never two and never a panic.
func TestEveryByteCut(t *testing.T) {
	form := format(t)
	for n := 1; n < len(valid); n++ {
		r := formattest.Decode(t, form, []byte(valid[:n]))
		formattest.Check(t, r)
		if r.Counts.Read != 1 || r.Counts.Events != 0 {
			t.Fatalf("cut at %d: %+v", n, r.Counts)
		}
	}
}

func TestBadInput(t *testing.T) {
	day := func(d string) string { return strings.Replace(valid, "26/Oct/2025", d, 1) + "\n" }
	formattest.BadInput(t, format(t), formattest.Sample{
		Valid: day("26/Oct/2025"), Old: day("01/Jan/1970"), Future: day("01/Jan/2999"), Separator: " ",
	})
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(valid))
	f.Add([]byte(`"192.0.2.1,  192.0.2.2" ` + valid))
	f.Add([]byte(`<134>1 - web1 nginx - - [a b="c"] ` + valid))
	for _, line := range strings.SplitAfter(string(formattest.Excerpt(f, "apache_excerpt.log")), "\n") {
		f.Add([]byte(strings.Replace(line, "- - [", "- someone [", 1)))
	}
	form := format(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		formattest.Fuzz(t, form, data)
	})
}

func BenchmarkDecode(b *testing.B) {
	chunk := []byte(strings.Repeat(valid+"\n", 4000))
	d := format(b).Open(nil).NewDecoder()
	b.SetBytes(int64(len(chunk)))
	b.ReportAllocs()
	for b.Loop() {
		d.Decode(chunk, new(nothing))
	}
}

type nothing struct{}

func (*nothing) Event(*ingest.Event)  {}
func (*nothing) Ignore(ingest.Rule)   {}
func (*nothing) Reject(ingest.Reject) {}
