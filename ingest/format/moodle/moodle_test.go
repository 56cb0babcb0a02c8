package moodle

import (
	"flag"
	"fmt"
	"strings"
	"testing"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/formattest"
)

var update = flag.Bool("update", false, "write the goldens")

func format(t testing.TB) *Format {
	t.Helper()
	var events, components ingest.Names
	for name, m := range map[string]ingest.Meaning{
		`\core\event\user_loggedin`: {Service: ingest.ServiceSignIn, Action: ingest.ActionLogin},
		`\core\event\user_login_failed`: {Service: ingest.ServiceSignIn,
			Action: ingest.ActionLoginFailed},
		`\gradereport_user\event\grade_report_viewed`:     {Service: ingest.ServiceGrades},
		`\gradereport_overview\event\grade_report_viewed`: {Service: ingest.ServiceGrades},
		`\core\event\course_viewed`:                       {Service: ingest.ServicePortal},
		`\core\event\user_graded`:                         {Ignore: ingest.RuleNotActivity},
		"Grade user report viewed":                        {Service: ingest.ServiceGrades},
		"Course module viewed":                            {},
		"Course viewed":                                   {Service: ingest.ServicePortal},
		"Rapport d'évaluation utilisateur consulté":       {Service: ingest.ServiceGrades},
		"Rapport de cours utilisateur consulté":           {Service: ingest.ServiceGrades},
	} {
		events.Add(name, m)
	}
	for name, s := range map[string]ingest.Service{
		"mod_quiz": ingest.ServicePaths, "Test": ingest.ServicePaths, "Devoir": ingest.ServicePaths,
		"Folder": ingest.ServiceResources, "Rapport de l'évaluateur": ingest.ServiceGrades,
	} {
		components.Add(name, ingest.Meaning{Service: s})
	}
	return New(Options{Clock: formattest.Clock(t, "Europe/Paris"), Events: &events, Components: &components,
		Year: 2025})
}

func TestSamples(t *testing.T) {
	for _, name := range []string{"logstore.csv", "logstore.json", "report_en.csv", "report_fr.csv",
		"report_fr_2026.csv", "report_mixed_names.csv", "mysql_batch.tsv"} {
		t.Run(name, func(t *testing.T) {
			r := formattest.Decode(t, format(t), formattest.Excerpt(t, name))
			formattest.Check(t, r)
			formattest.Golden(t, name, r, *update)
		})
	}
}

// TestUnusable: a table without the columns that matter gives one reject a row.
func TestUnusable(t *testing.T) {
	f := format(t)
	r := formattest.Decode(t, f, []byte("a,b\n1,2\n3,4\n"))
	if r.Fault == nil {
		t.Error("no word of the headings")
	}
	formattest.Check(t, r)
	if r.Counts.Read != 3 || r.Counts.Rejects[ingest.ReasonMissingField] != 2 {
		t.Errorf("%+v", r.Counts)
	}
}

// TestFailedLogins: Moodle names the user of a wrong password, where there is one;
// somebody logged in as another is neither's own use.
func TestFailedLogins(t *testing.T) {
	const head = "id,eventname,component,userid,relateduserid,timecreated,realuserid\n"
	r := formattest.Decode(t, format(t), []byte(head+
		"1,\\core\\event\\user_login_failed,core,5,,1757916000,\n"+
		"2,\\core\\event\\user_login_failed,core,0,,1757916000,\n"+
		"3,\\gradereport_user\\event\\grade_report_viewed,gradereport_user,5,77,1757916000,\n"+
		"4,\\gradereport_user\\event\\grade_report_viewed,gradereport_user,77,77,1757916000,\n"+
		"5,\\gradereport_user\\event\\grade_report_viewed,gradereport_user,5,77,1757916000,2\n"))
	formattest.Check(t, r)
	var got []string
	for _, e := range r.Events {
		got = append(got, fmt.Sprintf("%s %d %d child %s", e.Account, e.Service, e.Action, e.Child))
	}
	want := "5 101 3 child , 5 3 0 child 77, 77 3 0 child "
	if strings.Join(got, ", ") != want || r.Counts.Ignored[ingest.RuleAnonymous] != 1 ||
		r.Counts.Ignored[ingest.RuleSurrogate] != 1 {
		t.Errorf("%q %+v, want %q", got, r.Counts, want)
	}
}

// TestComponentSpelling: a component is known whichever apostrophe its name is
// written with.
func TestComponentSpelling(t *testing.T) {
	for _, apostrophe := range []string{"'", "’"} {
		r := formattest.Decode(t, format(t), []byte("Heure;Nom complet;Utilisateur concerné;Composant;"+
			"Nom de l’événement;Origine\n7/09/26, 21:40:58;A B;-;Rapport de l"+apostrophe+
			"évaluateur;Autre chose;web\n"))
		formattest.Check(t, r)
		if len(r.Events) != 1 || r.Events[0].Service != ingest.ServiceGrades {
			t.Errorf("%q: %+v %+v", apostrophe, r.Events, r.Counts)
		}
	}
}

// TestStrayQuote: a quote that nobody closes costs its own row, not those behind
// it, wherever chunks are cut.
func TestStrayQuote(t *testing.T) {
	const head = "id,eventname,component,userid,timecreated,realuserid\n"
	const good = "1,\\core\\event\\course_viewed,core,5,1757916000,\n"
	data := []byte(head + strings.Repeat(good, 100) + "2,\"\\core,core,5,1757916000,\n" + strings.Repeat(good, 100) +
		"3,\"\\core")
	r := formattest.Decode(t, format(t), data)
	formattest.Fuzz(t, format(t), data)
	if r.Counts.Events != 200 || r.Counts.Rejects[ingest.ReasonMalformed] != 1 ||
		r.Counts.Rejects[ingest.ReasonTruncated] != 1 || r.Rejects[0].Line != 102 {
		t.Errorf("%+v %+v", r.Counts, r.Rejects)
	}
}

// TestLineEnds: whatever the line ends, and with others inside quotes.
func TestLineEnds(t *testing.T) {
	text := "id,eventname,component,userid,timecreated,other\n" +
		strings.Repeat("1,\\core\\event\\course_viewed,core,5,1757916000,\"a@b\"\n", 3)
	for _, eol := range []string{"\n", "\r\n", "\r"} {
		for _, inside := range []string{"\n", "\r", "\r\n"} {
			data := []byte(strings.ReplaceAll(strings.ReplaceAll(text, "\n", eol), "@", inside))
			r := formattest.Decode(t, format(t), data)
			formattest.Check(t, r)
			if r.Counts.Events != 3 || r.Counts.Read != 4 {
				t.Errorf("%q with %q inside: %+v", eol, inside, r.Counts)
			}
		}
	}
}

func TestReportTimes(t *testing.T) {
	const evening = 1788817258000 // 7 September 2026, 21:40:58 in Paris, as if UTC
	for _, tt := range []struct {
		text       string
		monthFirst bool
		year       int
		want       int64
		ok         bool
	}{
		{"7/09/26, 21:40:58", false, 0, evening, true},
		{"9/7/26, 21:40:58", true, 0, evening, true},
		{"7 sept. 26, 21:40:58", false, 0, evening, true},
		{"7 September 2026, 21:40:58", false, 0, evening, true},
		{"7 Sep, 21:40", false, 2026, evening - 58_000, true},
		{"7 Sep, 21:40", false, 0, 0, false},
		{"7 août 26, 21:40:58", false, 0, evening - 31*86_400_000, true},
		{"7 Brumaire 26, 21:40:58", false, 0, 0, false},
		{"31/02/26, 21:40:58", false, 0, 0, false},
		{"7/09/26 21:40:58", false, 0, 0, false},
		{"7/09/26, 21", false, 0, 0, false},
		{"7/09/26, 21:40:58:01", false, 0, 0, false},
		{"7/09/26/1, 21:40:58", false, 0, 0, false},
		{"", false, 0, 0, false},
	} {
		f := New(Options{Clock: formattest.Clock(t, "Europe/Paris"), MonthFirst: &tt.monthFirst, Year: tt.year})
		got, ok := f.newDecoder(nil).report([]byte(tt.text))
		if ok != tt.ok || ok && got != tt.want {
			t.Errorf("%q: %d %v, want %d %v", tt.text, got, ok, tt.want, tt.ok)
		}
	}
}

func TestBadInput(t *testing.T) {
	row := func(time string) string { return `"1","\core\event\course_viewed","core","5","` + time + "\",\n" }
	t.Run("table", func(t *testing.T) {
		formattest.BadInput(t, format(t), formattest.Sample{
			Head: "id,eventname,component,userid,timecreated,realuserid\n", Separator: ",",
			Valid: row("1757916000"), Old: row("1000"), Future: row("32472144000"),
		})
	})
	object := func(time string) string {
		return `{"id":"1","eventname":"\\core\\event\\course_viewed","component":"core","userid":"5","timecreated":` +
			time + "}\n"
	}
	t.Run("JSON", func(t *testing.T) {
		formattest.BadInput(t, format(t), formattest.Sample{
			Valid: object("1757916000"), Old: object("1000"), Future: object("32472144000"), Separator: ",",
		})
	})
	report := func(time string) string {
		return `"` + time + `";"Paul Dupont";-;Test;"Course module viewed";web` + "\n"
	}
	t.Run("report", func(t *testing.T) {
		formattest.BadInput(t, format(t), formattest.Sample{
			Head: "Heure;Nom complet;Utilisateur concerné;Composant;Nom de l’événement;Origine\n", Separator: ";",
			Valid: report("15 sept. 25, 08:00:00"), Old: report("1 janv. 1970, 08:00:00"),
			Future: report("1 janv. 2999, 08:00:00"), Gap: report("30 mars 25, 02:30:00"),
			Overlap: report("26 oct. 25, 02:30:00"),
		})
	})
}

func FuzzDecode(f *testing.F) {
	for _, name := range []string{"logstore.csv", "logstore.json", "report_en.csv", "report_fr.csv",
		"report_fr_2026.csv", "report_mixed_names.csv", "mysql_batch.tsv"} {
		f.Add(formattest.Excerpt(f, name))
	}
	form := format(f)
	f.Fuzz(func(t *testing.T, data []byte) { formattest.Fuzz(t, form, data) })
}

// TestExchange: see formattest.Exchange.
func TestExchange(t *testing.T) {
	for name, l := range map[string]formattest.Line{
		"logstore": {Head: `"id","eventname","component","userid","courseid","relateduserid","timecreated","origin","ip",` +
			`"realuserid"` + "\n",
			Text:    `"1","\core\event\user_loggedin","core","5","7",,"1757916000","web","127.0.0.1",`,
			Account: "5", Alike: []string{"1", "7", "core"}},
		"report": {Head: "Heure,Nom complet,Utilisateur concerné,Contexte de l’événement,Composant,Nom de " +
			"l’événement,Description,Origine,Adresse IP\n", Text: `"15/09/25, 21:40:58",Paul Dupont,-,Cours: X,Test,` +
			`Course module viewed,vu,web,127.0.0.1`, Account: "Paul Dupont", Alike: []string{"Cours: X", "Test", "vu"}},
	} {
		t.Run(name, func(t *testing.T) {
			l.Separator = ","
			formattest.Exchange(t, format(t), l)
		})
	}
}
