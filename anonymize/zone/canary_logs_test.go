package zone

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/catalog"
	"github.com/entscope/entscope/ingest/directory"
	"github.com/entscope/entscope/ingest/format"
	"github.com/entscope/entscope/ingest/join"
	"github.com/entscope/entscope/ingest/tabular"
)

// canaryLog is a log of one format in one of the ways in which it is written.
type canaryLog struct {
	name     string
	format   string
	settings format.Settings
	// head, records with sep between them, foot.
	head, sep, foot string
	record          func(i int, at time.Time) string
}

var (
	web        = format.Settings{Map: "entcore"}
	canaryLogs = []canaryLog{
		{name: "combined", format: "combined", settings: web, sep: "\n", foot: "\n",
			record: func(i int, at time.Time) string {
				return fmt.Sprintf(`192.0.2.1 - u%d [%s] "GET /notes HTTP/1.1" 200 5 "-" "Mozilla/5.0 (iPhone)"`, i,
					at.Format("02/Jan/2006:15:04:05 -0700"))
			}},
		{name: "combined, behind syslog", format: "combined", settings: web, sep: "\n", foot: "\n",
			record: func(i int, at time.Time) string {
				return fmt.Sprintf(`%s front nginx: 192.0.2.1 - u%d [%s] "GET /notes HTTP/1.1" 200 5 "-" "x"`,
					at.Format("Jan _2 15:04:05"), i, at.Format("02/Jan/2006:15:04:05 -0700"))
			}},
		{name: "combined, lines of JSON", format: "combined", sep: "\n", foot: "\n",
			settings: format.Settings{Map: "entcore",
				Layout: `{"time":"$time_iso8601","user":"$remote_user","uri":"$uri","status":$status}`},
			record: func(i int, at time.Time) string {
				return fmt.Sprintf(`{"time":"%s","user":"u%d","uri":"/notes","status":200}`, at.Format(time.RFC3339), i)
			}},
		{name: "cas, many lines", format: "cas", record: func(i int, at time.Time) string {
			return fmt.Sprintf("%s INFO [org.apereo.inspektr.audit.support.Slf4jLoggingAuditTrailManager] - "+
				"<Audit trail record BEGIN\n=====\nWHO: u%d\nWHAT: x\nACTION: TICKET_GRANTING_TICKET_CREATED\n"+
				"APPLICATION: CAS\nWHEN: %s\n"+
				"CLIENT IP ADDRESS: 192.0.2.1\nSERVER IP ADDRESS: 192.0.2.2\n=====\n\n>\n",
				at.Format("2006-01-02 15:04:05,000"), i, at.Format("Mon Jan 02 15:04:05 MST 2006"))
		}},
		{name: "cas, lines of JSON", format: "cas", sep: "\n", foot: "\n", record: func(i int, at time.Time) string {
			return fmt.Sprintf(`{"who":"u%d","what":"x","action":"TICKET_GRANTING_TICKET_CREATED","application":"CAS",`+
				`"when":"%s","clientIpAddress":"192.0.2.1","serverIpAddress":"192.0.2.2"}`, i,
				at.Format("Mon Jan 02 15:04:05 MST 2006"))
		}},
		{name: "uportal", format: "uportal", sep: "\n", foot: "\n", record: func(i int, at time.Time) string {
			return fmt.Sprintf("%s\tp\tSSTART\tENTAuxPersRelEleve\t1\tu%d\t0280036M\t%d",
				at.Format("2006-01-02 15:04:05,000"), i, i)
		}},
		{name: "shibboleth", format: "shibboleth", sep: "\n", foot: "\n", record: func(i int, at time.Time) string {
			return fmt.Sprintf("%s|urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect|_r|https://sp.example.fr|"+
				"http://shibboleth.net/ns/profiles/saml2/sso/browser|https://idp.example.fr|urn:b|_s%d|u%d|"+
				"urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport|mail,|n|_a|",
				at.UTC().Format("20060102T150405Z"), i, i)
		}},
		{name: "entcore, documents", format: "entcore", sep: "\n", foot: "\n", record: entcoreDocument},
		{name: "entcore, array", format: "entcore", head: "[", sep: ",\n", foot: "]\n", record: entcoreDocument},
		{name: "entcore, table", format: "entcore", sep: "\n", foot: "\n",
			head: "id,date,profile,module,event_type,ua,device_type,platform_id,user_id,resource_id\n",
			record: func(i int, at time.Time) string {
				return fmt.Sprintf("e%d,%s,Relative,Diary,ACCESS,,phone,p,u%d,", i, at.Format(time.DateTime), i)
			}},
		{name: "moodle, table", format: "moodle", sep: "\n", foot: "\n",
			head: "id,eventname,component,action,target,userid,relateduserid,timecreated,origin,ip,realuserid\n",
			record: func(i int, at time.Time) string {
				return fmt.Sprintf(`%d,\core\event\course_viewed,core,viewed,course,%d,,%d,web,192.0.2.1,`,
					i, i+2, at.Unix())
			}},
		{name: "moodle, report", format: "moodle", sep: "\n", foot: "\n",
			head: "Time,User full name,Affected user,Event context,Component,Event name,Description,Origin," +
				"IP address\n",
			record: func(i int, at time.Time) string {
				return fmt.Sprintf(`"%s",U %d,-,c,System,Course viewed,"The user with id '%d' viewed the course.",web,`+
					"192.0.2.1", at.Format("2/01/06, 15:04:05"), i, i+2)
			}},
		{name: "xapi, pages", format: "xapi", head: `{"statements":[`, sep: ",\n", foot: `],"more":""}` + "\n",
			record: statement},
		{name: "xapi, lines", format: "xapi", sep: "\n", foot: "\n", record: statement},
		{name: "caliper, envelope", format: "caliper", sep: ",\n", foot: "]}\n",
			head: `{"sensor":"https://ent.example/s",` +
				`"dataVersion":"http://purl.imsglobal.org/ctx/caliper/v1p2","data":[`,
			record: func(i int, at time.Time) string {
				return fmt.Sprintf(`{"id":"urn:uuid:%d","type":"ViewEvent","action":"Viewed","eventTime":"%s",`+
					`"actor":{"id":"https://ent.example/users/u%d","type":"Person"},`+
					`"object":{"id":"https://ent.example/r","type":"Result"}}`, i, at.UTC().Format(time.RFC3339), i)
			}},
		{name: "csv", format: "csv", sep: "\n", foot: "\n", head: "at;account\n",
			settings: format.Settings{CSV: &tabular.Mapping{Delimiter: ";", DateTime: time.DateTime,
				Columns: map[string]any{"at": "at", "account": "account"}}},
			record: func(i int, at time.Time) string { return fmt.Sprintf("%s;u%d", at.Format(time.DateTime), i) }},
	}
)

func entcoreDocument(i int, at time.Time) string {
	return fmt.Sprintf(`{"_id":"e%d","event-type":"ACCESS","module":"Diary","date":%d,"userId":"u%d",`+
		`"profil":"Relative"}`, i, at.UnixMilli(), i)
}

func statement(i int, at time.Time) string {
	return fmt.Sprintf(`{"id":"s%d","actor":{"account":{"homePage":"https://m.example","name":"u%d"}},`+
		`"verb":{"id":"https://w3id.org/xapi/adl/verbs/logged-in"},"object":{"id":"https://m.example"},`+
		`"timestamp":"%s"}`, i, i, at.Format(time.RFC3339))
}

// text is the log without the records that are dropped.
func (l *canaryLog) text(t *testing.T, dropped ...int) string {
	var records []string
	at := time.Date(2025, 9, 29, 8, 0, 0, 0, paris(t))
	for i := range canaryRecords {
		if at = at.Add(97 * time.Second); !slices.Contains(dropped, i) {
			records = append(records, l.record(i, at))
		}
	}
	return l.head + strings.Join(records, l.sep) + l.foot
}

func paris(t *testing.T) *time.Location {
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// feed is a log as a feed, in a file of its own.
func (l *canaryLog) feed(t *testing.T, text string) ingest.Feed {
	f, err := format.Lookup(l.format)
	if err != nil {
		t.Fatal(err)
	}
	names, err := catalog.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	clock, err := ingest.NewClock("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	reader, err := f.New(format.Options{Settings: l.settings, Clock: clock, Zone: paris(t), Catalog: names})
	if err != nil {
		t.Fatal(err)
	}
	return ingest.Feed{Number: 1, Name: "feed", Format: reader, Accounts: "x",
		Files: put(t, t.TempDir(), map[string][]byte{"day.log": []byte(text)})}
}

// said is what check says of a feed, beside the zone in dir.
func said(t *testing.T, dir string, f ingest.Feed) *Summary {
	t.Helper()
	z, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Check(context.Background(), CheckOptions{Zone: z, Feeds: []ingest.Feed{f},
		Directory: &directory.Directory{}, Study: Study{Start: 20_000, End: 21_000}, Threads: 1,
		Limits: Limits{Rejected: 0.5, Lost: 0.1, Joins: join.Floors{}}})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestCanaryLogs: of a log of any format, a cut within a record is noticed always; a cut behind a record and one record
// in a hundred missing, when the study says how many there are or which checksum the file has, and when it came before.
// Where there is none of these, check says that nothing tells.
func TestCanaryLogs(t *testing.T) {
	for _, l := range canaryLogs {
		t.Run(l.name, func(t *testing.T) {
			t.Parallel()
			whole := l.text(t)
			first := l.feed(t, whole)
			usual := said(t, t.TempDir(), first)
			if usual.Feeds[0].Events != canaryRecords {
				t.Fatalf("%d events of %d: %v", usual.Feeds[0].Events, canaryRecords, usual.Feeds[0].Rejects)
			}
			if !slices.Equal(usual.Unverified, []string{"feed"}) {
				t.Errorf("unverified %q", usual.Unverified)
			}
			dir := t.TempDir()
			o := options(t, dir, eventsKey(t), 1, nil)
			o.Feeds = []ingest.Feed{first}
			if _, err := Ingest(context.Background(), o); err != nil {
				t.Fatal(err)
			}
			if again := said(t, dir, first); !slices.Equal(again.Doubts, usual.Doubts) {
				t.Errorf("the same log is doubted: %q", again.Doubts)
			}
			sum := sha256.Sum256([]byte(whole))
			sums := map[string][]string{"day.log": {hex.EncodeToString(sum[:])}}
			listed := first
			listed.Checksums, listed.Expected = sums, usual.Feeds[0].Read
			if s := said(t, t.TempDir(), listed); !slices.Equal(s.Doubts, usual.Doubts) || len(s.Unverified) > 0 {
				t.Errorf("the log that was promised is doubted: %q %q", s.Doubts, s.Unverified)
			}
			noticed := func(what, how, dir string, f ingest.Feed) {
				if s := said(t, dir, f); slices.Equal(s.Doubts, usual.Doubts) && len(s.Faults) == 0 {
					t.Errorf("%s: %s, and not noticed", how, what)
				}
			}
			last := time.Date(2025, 9, 29, 8, 0, 0, 0, paris(t)).Add(271 * 97 * time.Second)
			at := strings.Index(whole, l.record(270, last))
			for what, text := range map[string]string{
				"cut within its last record": whole[:len(whole)-len(l.foot)-4], "cut within a record": whole[:at+9],
			} {
				noticed(what, "first", t.TempDir(), l.feed(t, text))
			}
			for what, text := range map[string]string{
				"cut behind a record": whole[:at], "one in a hundred missing": l.text(t, 3, 133, 250),
			} {
				f := l.feed(t, text)
				noticed(what, "came before", dir, f)
				f.Expected = usual.Feeds[0].Read
				noticed(what, "expected", t.TempDir(), f)
				f.Expected, f.Checksums = 0, sums
				noticed(what, "checksum", t.TempDir(), f)
			}
		})
	}
	for _, f := range format.All() {
		if !slices.ContainsFunc(canaryLogs, func(l canaryLog) bool { return l.format == f.Name }) {
			t.Errorf("format %s has no canary", f.Name)
		}
	}
}

// TestChecksums: a file that is listed and not here is named, unless it was read before; one that is here and not
// listed is counted; one whose checksum is another is left out, by a run as by check.
func TestChecksums(t *testing.T) {
	raw, dir := t.TempDir(), t.TempDir()
	a, b := day("2025-09-29", 300), day("2025-09-30", 300)
	sumOf := func(data []byte) []string {
		sum := sha256.Sum256(data)
		return []string{hex.EncodeToString(sum[:])}
	}
	o := options(t, dir, eventsKey(t), 1, put(t, raw, map[string][]byte{
		"a.log": a, "b.log": b, "c.log": day("2025-10-01", 300),
	}))
	o.Feeds[0].Checksums = map[string][]string{"a.log": sumOf(a), "b.log": sumOf(bytes.ToUpper(b)), "d.log": sumOf(b)}
	limits := Limits{Rejected: 0.5, Lost: 0.1}
	judge := func() string {
		t.Helper()
		s, err := Ingest(context.Background(), o)
		if err != nil {
			t.Fatal(err)
		}
		v := limits.ofFeeds(o.Feeds, s)
		return strings.Join(v.Doubts, "\n")
	}
	for range 2 { // said each time
		said := judge()
		for _, want := range []string{
			"delivery b.log left out: it is not the file that its checksum was made of",
			"1 deliveries are not in its checksums", "d.log is in its checksums and not here",
		} {
			if !strings.Contains(said, want) {
				t.Errorf("not said: %s\n%s", want, said)
			}
		}
	}
	if err := os.Remove(filepath.Join(raw, "a.log")); err != nil {
		t.Fatal(err)
	}
	o.Feeds[0].Files = o.Feeds[0].Files[1:]
	if said := judge(); strings.Contains(said, "a.log") {
		t.Errorf("read before, and missed: %s", said)
	}
}
