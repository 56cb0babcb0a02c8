package xapi

import (
	"flag"
	"strings"
	"testing"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/catalog"
	"github.com/entscope/entscope/ingest/formattest"
)

var update = flag.Bool("update", false, "write the goldens")

func format(t testing.TB, change ...func(*Options)) *Format {
	t.Helper()
	c, err := catalog.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	urls, err := c.URLs("moodle")
	if err != nil {
		t.Fatal(err)
	}
	o := Options{
		Clock: formattest.Clock(t, "Europe/Paris"), Verbs: c.Names(catalog.XAPIVerbs),
		Activities: c.Names(catalog.XAPIActivities), URLs: urls, HomePage: "https://moodle.example",
	}
	for _, c := range change {
		c(&o)
	}
	return New(o)
}

func TestSamples(t *testing.T) {
	for _, name := range []string{"spec.json", "pages.json"} {
		t.Run(name, func(t *testing.T) {
			r := formattest.Decode(t, format(t), formattest.Excerpt(t, name))
			formattest.Check(t, r)
			formattest.Golden(t, name, r, *update)
		})
	}
}

// valid is a record that is one event, at the instant AT.
const valid = `{"id":"a","actor":{"account":{"homePage":"https://moodle.example","name":"7f3a"}},` +
	`"verb":{"id":"http://id.tincanapi.com/verb/viewed"},"object":{"id":"https://moodle.example/grade/",` +
	`"definition":{"type":"x"}},"timestamp":"AT"}` + "\n"

func at(instant string) string { return strings.Replace(valid, "AT", instant, 1) }

func TestBadInput(t *testing.T) {
	formattest.BadInput(t, format(t), formattest.Sample{
		Valid:     at("2025-09-15T16:04:17.000Z"),
		Old:       at("1970-01-01T16:04:17.000Z"),
		Future:    at("2999-09-15T16:04:17.000Z"),
		Separator: ",",
	})
}

func Fuzz(f *testing.F) {
	f.Add([]byte(at("2025-09-15T16:04:17.000Z")))
	for _, name := range []string{"spec.json", "pages.json"} {
		f.Add(formattest.Excerpt(f, name))
	}
	f.Fuzz(func(t *testing.T, data []byte) { formattest.Fuzz(t, format(t), data) })
}

// TestWhichAccount: of an agent's four identifiers the study's is the account; an agent
// that has another is nobody we know, and so is an account of another home page.
func TestWhichAccount(t *testing.T) {
	const actors = `{"account":{"homePage":"https://moodle.example","name":"7f3a"}}|{"mbox":"mailto:a@example.org"}|` +
		`{"mbox_sha1sum":"ebd3"}|{"openid":"http://a.example.org/"}|` +
		`{"account":{"homePage":"https://b.example","name":"7f3a"}}`
	_, rest, _ := strings.Cut(at("2025-09-15T16:04:17.000Z"), `,"verb"`)
	var data strings.Builder
	for _, a := range strings.Split(actors, "|") {
		data.WriteString(`{"actor":` + a + `,"verb"` + rest)
	}
	for actor, want := range map[string]string{
		"": "7f3a", "account": "7f3a", "mbox": "a@example.org", "mbox_sha1sum": "ebd3",
		"openid": "http://a.example.org/",
	} {
		r := formattest.Decode(t, format(t, func(o *Options) { o.Actor = actor }), []byte(data.String()))
		formattest.Check(t, r)
		if len(r.Events) != 1 {
			t.Fatalf("%s: %d events, want 1", actor, len(r.Events))
		}
		if got := string(r.Events[0].Account); got != want {
			t.Errorf("%s: account %q, want %q", actor, got, want)
		}
		if r.Counts.Rejects[ingest.ReasonNoAccount] != 4 {
			t.Errorf("%s: %v, want four records without an account", actor, r.Counts.Rejects)
		}
	}
}

// TestExchange: see formattest.Exchange.
func TestExchange(t *testing.T) {
	line := strings.TrimSpace(at("2025-09-15T16:04:17.000Z"))
	formattest.Exchange(t, format(t), formattest.Line{Text: line, Separator: ",", Account: "7f3a"})
}
