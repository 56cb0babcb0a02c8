package cas

import (
	"flag"
	"strings"
	"testing"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/formattest"
)

var update = flag.Bool("update", false, "write the goldens")

func format(t testing.TB) *Format {
	return New(Options{Clock: formattest.Clock(t, "Europe/Paris")})
}

const many = `2025-10-26 03:10:27,807 INFO [org.apereo.inspektr.audit.support.Slf4jLoggingAuditTrailManager] - <Audit trail record BEGIN
=============================================================
WHO: p.dupont
WHAT: TGT-1-********-host
ACTION: TICKET_GRANTING_TICKET_CREATED
APPLICATION: CAS
WHEN: Sun Oct 26 03:10:27 CST 2025
CLIENT IP ADDRESS: 127.0.0.1
SERVER IP ADDRESS: 127.0.0.1
=============================================================

>
`

// The instant of many: 03:10:27.807 in Paris, winter time.
const at = 1761444627807

func TestManyLines(t *testing.T) {
	tests := []struct {
		name     string
		old, new string
		action   ingest.Action
		rule     ingest.Rule
		reason   ingest.Reason
	}{
		{name: "valid", action: ingest.ActionLogin},
		{name: "colours", old: "2025", new: "\x1b[32m2025", action: ingest.ActionLogin},
		{name: "com.github", old: "org.apereo.inspektr", new: "com.github.inspektr", action: ingest.ActionLogin},
		{name: "org.jasig", old: "org.apereo.inspektr", new: "org.jasig.inspektr", action: ingest.ActionLogin},
		{name: "without angle bracket", old: "- <Audit", new: "- Audit", action: ingest.ActionLogin},
		{name: "old WHO", old: "WHO: p.dupont", new: "WHO: [username: p.dupont]", action: ingest.ActionLogin},
		{name: "line break in WHAT", old: "TGT-1", new: "a\nb: c\nTGT-1", action: ingest.ActionLogin},
		{name: "new fields", old: "APPLICATION: CAS", new: "GEO LOCATION: x\nUSER AGENT: Mozilla (iPhone)",
			action: ingest.ActionLogin},
		{name: "logout", old: "TICKET_GRANTING_TICKET_CREATED", new: "LOGOUT_SUCCESS", action: ingest.ActionLogout},
		{name: "failure", old: "TICKET_GRANTING_TICKET_CREATED", new: "AUTHENTICATION_FAILED",
			action: ingest.ActionLoginFailed},
		{name: "held back", old: "TICKET_GRANTING_TICKET_CREATED", new: "THROTTLED_LOGIN_ATTEMPT",
			action: ingest.ActionLoginFailed},
		{name: "failure of nobody known",
			old: "WHO: p.dupont\nWHAT: TGT-1-********-host\nACTION: TICKET_GRANTING_TICKET_CREATED",
			new: "WHO: audit:unknown\nWHAT: [p.dupont]\nACTION: AUTHENTICATION_FAILED", rule: ingest.RuleAnonymous},
		{name: "service", old: "TICKET_GRANTING_TICKET_CREATED", new: "SERVICE_TICKET_CREATED",
			action: ingest.ActionAccess},
		{name: "handler", old: "TICKET_GRANTING_TICKET_CREATED", new: "AUTHENTICATION_SUCCESS",
			rule: ingest.RuleNotActivity},
		{name: "destroyed", old: "TICKET_GRANTING_TICKET_CREATED", new: "TICKET_GRANTING_TICKET_DESTROYED",
			rule: ingest.RuleNotActivity},
		{name: "unknown", old: "p.dupont", new: "audit:unknown", rule: ingest.RuleAnonymous},
		{name: "surrogate", old: "p.dupont", new: "(Primary User: [a], Surrogate User: [b])",
			rule: ingest.RuleSurrogate},
		{name: "other logger", old: "- <Audit trail record BEGIN", new: "- <Audit trail", rule: "",
			reason: ingest.ReasonMalformed},
		{name: "really other logger",
			old: "[org.apereo.inspektr.audit.support.Slf4jLoggingAuditTrailManager] - <Audit trail record BEGIN",
			new: "[org.apereo.cas.X] - <Hello", rule: ingest.RuleOtherLogger},
		{name: "nobody", old: "p.dupont", new: "", reason: ingest.ReasonNoAccount},
		{name: "no action", old: "ACTION: TICKET_GRANTING_TICKET_CREATED\n", new: "",
			reason: ingest.ReasonMissingField},
		{name: "hour left out", old: "2025-10-26 03:10", new: "2025-03-30 02:10", reason: ingest.ReasonTimeGap},
		{name: "far future", old: "2025-10-26", new: "2999-10-26", reason: ingest.ReasonTimeRange},
		{name: "cut short", old: many[strings.Index(many, "ACTION"):], new: "", reason: ingest.ReasonTruncated},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if !strings.Contains(many, tt.old) {
				t.Fatal("nothing to change")
			}
			r := formattest.Decode(t, format(t), []byte(strings.Replace(many, tt.old, tt.new, 1)))
			formattest.Check(t, r)
			one(t, r, tt.rule, tt.reason)
			if tt.rule != "" || tt.reason != "" {
				return
			}
			e := r.Events[0]
			if e.Action != tt.action || e.TsMs != at || e.LocalHour != 3 || string(e.Account) != "p.dupont" ||
				len(e.ID) == 0 {
				t.Errorf("%+v", e)
			}
		})
	}
}

func one(t *testing.T, r *formattest.Result, rule ingest.Rule, reason ingest.Reason) {
	t.Helper()
	c := r.Counts
	if c.Read != 1 || c.Ignored[rule] != c.Skipped() || c.Rejects[reason] != c.Rejected() ||
		(rule != "") != (c.Skipped() == 1) || (reason != "") != (c.Rejected() == 1) {
		t.Fatalf("counts %+v, want rule %q, reason %q", c, rule, reason)
	}
}

func TestSingleLine(t *testing.T) {
	tests := []struct {
		name, line string
		ts         int64
		action     ingest.Action
		rule       ingest.Rule
		reason     ingest.Reason
	}{
		{name: "inspektr, comma",
			line: "Sun Oct 26 03:10:27 CET 2025,CAS,TGT-1-x,TICKET_GRANTING_TICKET_CREATED,p.dupont,10.0.0.1,10.0.0.2",
			ts:   1761444627000, action: ingest.ActionLogin},
		{name: "inspektr, bar",
			line: "Sun Oct 26 03:10:27 CET 2025|CAS|TGT-1-x|TICKET_GRANTING_TICKET_CREATED|p.dupont|10.0.0.1|10.0.0.2",
			ts:   1761444627000, action: ingest.ActionLogin},
		{name: "comma in WHAT",
			line: "Sun Oct 26 03:10:27 CET 2025,CAS,[event=success, " +
				"x=(a,b)],TICKET_GRANTING_TICKET_CREATED,p.dupont,0:0:0:0:0:0:0:1,10.0.0.2", ts: 1761444627000,
			action: ingest.ActionLogin},
		{name: "CAS 7",
			line: "2025-10-26T02:10:27.807123Z|p.dupont|TGT-1-x|TICKET_GRANTING_TICKET_CREATED|10.0.0.1|10.0.0.2|",
			ts:   at, action: ingest.ActionLogin},
		{name: "CAS 7, local",
			line: "2025-10-26 03:10:27.807|p.dupont|{ticket=ST-1, " +
				"service=https://x}|SERVICE_TICKET_CREATED|10.0.0.1|10.0.0.2|", ts: at, action: ingest.ActionAccess},
		{name: "summer abbreviation",
			line: "Sun Oct 26 02:10:27 CEST 2025|p.dupont|TGT|TICKET_GRANTING_TICKET_CREATED|10.0.0.1|10.0.0.2|",
			ts:   1761437427000, action: ingest.ActionLogin},
		{name: "winter abbreviation",
			line: "Sun Oct 26 02:10:27 CET 2025|p.dupont|TGT|TICKET_GRANTING_TICKET_CREATED|10.0.0.1|10.0.0.2|",
			ts:   1761441027000, action: ingest.ActionLogin},
		{name: "behind a header",
			line: "2025-10-26 03:10:27,807 INFO [org.apereo.inspektr.audit.support.Slf4jLoggingAuditTrailManager] - " +
				"<Sun Oct 26 03:10:27 CST 2025|p.dupont|TGT|TICKET_GRANTING_TICKET_CREATED|10.0.0.1|10.0.0.2|>\x1b[m",
			ts: at, action: ingest.ActionLogin},
		{name: "reduced",
			line: "2025-10-26 03:10:27,807 INFO [org.apereo.inspektr.x] - p.dupont|LOGOUT_SUCCESS|10.0.0.1", ts: at,
			action: ingest.ActionLogout},
		{name: "JSON",
			line: `{"who":"p.dupont","what":"TGT-1","action":"TICKET_GRANTING_TICKET_CREATED","application":"CAS",` +
				`"when":"Sun Oct 26 03:10:27 CET 2025","clientIpAddress":"1.1.1.1"}`, ts: 1761444627000,
			action: ingest.ActionLogin},
		{name: "JSON, epoch",
			line: `{"who":"p.dupont","what":{"a":1},"action":"TICKET_GRANTING_TICKET_CREATED","when":1761444627807}`,
			ts:   at, action: ingest.ActionLogin},
		{name: "AGIMUS",
			line: `[Sun Oct 26 03:10:27 CET 2025] [IP:1.1.1.1] [ID:p.dupont] [TICKET:ST-1-x] ` +
				`[SERVICE:https://pronote.example.fr] [USER-AGENT:Mozilla/5.0 (iPhone)]`, ts: 1761444627000,
			action: ingest.ActionAccess},
		{name: "AGIMUS, a service",
			line: `[Sun Oct 26 03:10:27 CET 2025] [IP:1.1.1.1] [ID:https://x.fr] [TICKET:ST-1-x] ` +
				`[SERVICE:https://pronote.example.fr] [USER-AGENT:null]`, rule: ingest.RuleNotActivity},
		{name: "auth.log",
			line: `Sun Oct 26 03:10:27 CET 2025 - AUTHENTICATION_SUCCESS for '[username:p.dupont]' from '1.1.1.1'`,
			ts:   1761444627000, action: ingest.ActionLogin},
		{name: "auth.log, failure",
			line: `Sun Oct 26 03:10:27 CET 2025 - AUTHENTICATION_FAILED for '[username: p.dupont]' from '1.1.1.1'`,
			ts:   1761444627000, action: ingest.ActionLoginFailed},
		{name: "auth.log, cut short",
			line:   `Sun Oct 26 03:10:27 CET 2025 - AUTHENTICATION_FAILED for '[username: p.dup`,
			reason: ingest.ReasonMalformed},
		{name: "CAS 7, failure",
			line: "2025-10-26T02:10:27.807123Z|p.dupont|[UsernamePasswordCredential(username=p.dupont)]|" +
				"AUTHENTICATION_FAILED|10.0.0.1|10.0.0.2|", ts: at, action: ingest.ActionLoginFailed},
		{name: "inspektr, no client",
			line: "Sun Oct 26 03:10:27 CET 2025,CAS,TGT,TICKET_GRANTING_TICKET_CREATED,p.dupont,,10.0.0.2",
			ts:   1761444627000, action: ingest.ActionLogin},
		{name: "inspektr, no server",
			line: "Sun Oct 26 03:10:27 CET 2025,CAS,TGT,TICKET_GRANTING_TICKET_CREATED,p.dupont,10.0.0.1,",
			ts:   1761444627000, action: ingest.ActionLogin},
		{name: "inspektr, hosts",
			line: "Sun Oct 26 03:10:27 CET 2025,ENT,TGT,TICKET_GRANTING_TICKET_CREATED,p.dupont,client.fr,cas.fr",
			ts:   1761444627000, action: ingest.ActionLogin},
		{name: "CAS 7, no client",
			line: "Sun Oct 26 03:10:27 CET 2025|p.dupont|TGT|TICKET_GRANTING_TICKET_CREATED||10.0.0.2|",
			ts:   1761444627000, action: ingest.ActionLogin},
		{name: "CAS 7, a host",
			line: "Sun Oct 26 03:10:27 CET 2025|p.dupont|TGT|TICKET_GRANTING_TICKET_CREATED|10.0.0.1|cas.ent.fr|",
			ts:   1761444627000, action: ingest.ActionLogin},
		{name: "an account or a host",
			line:   "Sun Oct 26 03:10:27 CET 2025|ENT|TGT|TICKET_GRANTING_TICKET_CREATED|p.dupont|10.0.0.2|",
			reason: ingest.ReasonMalformed},
		{name: "no address at all",
			line:   "Sun Oct 26 03:10:27 CET 2025|p.dupont|TGT|TICKET_GRANTING_TICKET_CREATED|||",
			reason: ingest.ReasonMalformed},
		{name: "an application and nobody",
			line:   "Sun Oct 26 03:10:27 CET 2025,ENT,TGT,TICKET_GRANTING_TICKET_CREATED,,,",
			reason: ingest.ReasonMalformed},
		{name: "JSON cut short", line: `{"who":"p.dupont","what":`, reason: ingest.ReasonTruncated},
		{name: "no date", line: "yesterday|p.dupont|TGT|TICKET_GRANTING_TICKET_CREATED|10.0.0.1|10.0.0.2|",
			reason: ingest.ReasonTimestamp},
		{name: "no action", line: "Sun Oct 26 02:10:27 CET 2025|p.dupont|TGT|hello|10.0.0.1|10.0.0.2|",
			reason: ingest.ReasonMalformed},
		{name: "prose", line: "hello, world", reason: ingest.ReasonMalformed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := formattest.Decode(t, format(t), []byte(tt.line+"\n"))
			formattest.Check(t, r)
			one(t, r, tt.rule, tt.reason)
			if tt.rule != "" || tt.reason != "" {
				return
			}
			if e := r.Events[0]; e.TsMs != tt.ts || e.Action != tt.action || string(e.Account) != "p.dupont" {
				t.Errorf("%+v", e)
			}
		})
	}
}

// TestLinesAreSeparate: a broken line takes no other with it.
func TestLinesAreSeparate(t *testing.T) {
	good := "2025-10-26T02:10:27Z|p.dupont|TGT|TICKET_GRANTING_TICKET_CREATED|10.0.0.1|10.0.0.2|\n"
	r := formattest.Decode(t, format(t), []byte(good+"broken\nbroken\n\n"+good))
	formattest.Check(t, r)
	if r.Counts.Read != 4 || r.Counts.Events != 2 || r.Rejects[1].Line != 3 {
		t.Errorf("%+v", r)
	}
}

// TestPrettyJSON: a server that does not write one record on a line.
func TestPrettyJSON(t *testing.T) {
	one := "{\n  \"who\" : \"p.dupont\",\n  \"what\" : \"a } \\\" {\",\n  \"action\" : \"LOGOUT_SUCCESS\",\n" +
		"  \"when\" : 1761444627807\n}\n"
	for _, data := range []string{strings.Repeat(one, 200), "[" + strings.Repeat(one+",", 199) + one + "]"} {
		r := formattest.Decode(t, format(t), []byte(data))
		formattest.Fuzz(t, format(t), []byte(data))
		if r.Counts.Events != 200 || r.Counts.Read != 200 {
			t.Errorf("%+v", r.Counts)
		}
	}
}

func TestRealExcerpts(t *testing.T) {
	for _, name := range []string{"cas_excerpt", "cas_audit_2018"} {
		r := formattest.Decode(t, format(t), formattest.Excerpt(t, name+".log"))
		formattest.Check(t, r)
		formattest.Golden(t, name, r, *update)
	}
}

// TestRealLogs reads all of the real logs, where they are there.
func TestRealLogs(t *testing.T) {
	for name, want := range map[string][4]int64{ // read, events, ignored, rejected
		"cas.log":                 {74, 6, 68, 0},
		"cas_audit.log":           {13, 3, 10, 0},
		"cas_audit-2018.log":      {2, 1, 1, 0},
		"cas-2019-05-31-01-1.log": {36, 0, 36, 0},
	} {
		data, ok := formattest.Shared(t, "cas/"+name)
		if !ok {
			t.Skip("no ../shared/data: excerpts are checked by TestRealExcerpts")
		}
		r := formattest.Decode(t, format(t), data)
		formattest.Check(t, r)
		if got := [4]int64{r.Counts.Read, r.Counts.Events, r.Counts.Skipped(), r.Counts.Rejected()}; got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
		ids := make(map[string]int)
		for _, e := range r.Events {
			ids[string(e.ID)]++
		}
		if name == "cas.log" && len(ids) != 3 { // the server wrote each record twice
			t.Errorf("%d different records", len(ids))
		}
	}
}

func TestBadInput(t *testing.T) {
	record := func(time string) string { return strings.Replace(many, "2025-10-26 03:10:27", time, 1) }
	line := func(when string) string {
		return when + "|p.dupont|TGT-1-x|TICKET_GRANTING_TICKET_CREATED|10.0.0.1|10.0.0.2|\n"
	}
	object := func(when string) string {
		return `{"who":"p.dupont","what":"TGT-1","action":"TICKET_GRANTING_TICKET_CREATED","when":"` + when + `"}` +
			"\n"
	}
	for name, at := range map[string]func(string) string{"many lines": record, "one line": line, "JSON": object} {
		t.Run(name, func(t *testing.T) {
			formattest.BadInput(t, format(t), formattest.Sample{
				Valid: at("2025-09-15 08:00:00"), Old: at("1970-01-01 08:00:00"), Future: at("2999-01-01 08:00:00"),
				Gap: at("2025-03-30 02:30:00"), Overlap: at("2025-10-26 02:30:00"), Separator: "|",
			})
		})
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(many + many))
	f.Add(formattest.Excerpt(f, "cas_excerpt.log"))
	f.Add([]byte("Sun Oct 26 03:10:27 CET 2025,CAS,[event=success, x=(a,b)],TICKET_GRANTING_TICKET_CREATED,p.dupont," +
		"::1,10.0.0.2\n"))
	f.Add([]byte("[Sun Oct 26 03:10:27 CET 2025] [IP:1.1.1.1] [ID:p.dupont] [TICKET:ST-1-x] [SERVICE:s] " +
		"[USER-AGENT:u]\n"))
	f.Add([]byte("Sun Oct 26 03:10:27 CET 2025 - AUTHENTICATION_FAILED for '[username:p.dupont]' from '1.1.1.1'\n"))
	f.Add([]byte(`{"who":"p.dupont","what":{"a":1},"action":"TICKET_GRANTING_TICKET_CREATED","when":1761444627807}`))
	form := format(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		formattest.Fuzz(t, form, data)
	})
}

// TestExchange: see formattest.Exchange.
func TestExchange(t *testing.T) {
	const ticket = "TGT-1-x"
	for name, l := range map[string]formattest.Line{
		"inspektr": {Text: "Sun Oct 26 03:10:27 CET 2025,CAS," + ticket +
			",TICKET_GRANTING_TICKET_CREATED,p.dupont,10.0.0.1,10.0.0.2", Separator: ","},
		"CAS 7": {Text: "2025-10-26T02:10:27.807123Z|p.dupont|" + ticket +
			"|TICKET_GRANTING_TICKET_CREATED|10.0.0.1|10.0.0.2|", Separator: "|"},
		"reduced": {Text: "2025-10-26 03:10:27,807 INFO [org.apereo.inspektr.x] - p.dupont|LOGOUT_SUCCESS|10.0.0.1",
			Separator: "|"},
		"AGIMUS": {Text: "[Sun Oct 26 03:10:27 CET 2025] [IP:1.1.1.1] [ID:p.dupont] [TICKET:ST-1-x] " +
			"[SERVICE:https://pronote.example.fr] [USER-AGENT:Mozilla/5.0 (iPhone)]", Separator: "] ["},
		"JSON": {Text: `{"who":"p.dupont","what":"TGT-1","action":"TICKET_GRANTING_TICKET_CREATED",` +
			`"application":"CAS","when":"Sun Oct 26 03:10:27 CET 2025","clientIpAddress":"1.1.1.1"}`, Separator: ","},
		"many lines": {Text: many, Separator: "\n"},
	} {
		t.Run(name, func(t *testing.T) {
			l.Account = "p.dupont"
			formattest.Exchange(t, format(t), l)
		})
	}
}
