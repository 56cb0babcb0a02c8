package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/entscope/entscope/anonymize/disclosure"
	"github.com/entscope/entscope/anonymize/policy"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
)

// oneStudy holds a table of each kind.
const oneStudy = `
[study]
name = "demo"
purpose = "usages-familles"
school_year = "2025-2026"
term = "2025-T1"
start = 2025-09-08
end = 2025-12-14
timezone = "Europe/Paris"
subject = "parent"
synthetic = true
[key]
file = "master.key"
[[source]]
name = "netocentre"
format = "uportal"
files = ["raw/*.log"]
accounts = "uportal"
[source.pull]
kind = "https"
url = "https://ent.example/logs/"
settle = "90s"
[[source]]
name = "clicks"
format = "csv"
files = ["raw/clicks.csv"]
accounts = "clicks"
[source.csv]
columns = { account = "id", date = 2, service = "s" }
values.service = { Notes = "grades" }
date = "02/01/2006"
[directory]
aaf = ["raw/aaf/*.xml"]
[[directory.accounts]]
files = ["raw/accounts.csv"]
accounts = "uportal"
csv.columns = { person = "id", account = "compte" }
[reference.calendar]
files = ["raw/calendar.csv"]
[registers.equipment]
files = ["raw/equipement.csv"]
[registers.equipment.csv]
columns = { child = "Eleve", computer = "Ordinateur", date = "Date" }
date = "2006-01-02"
[[deadline]]
name = "bourse"
label = "Demande de bourse"
day = 2025-10-16
levels = ["college"]
[policies]
research = "r.toml"
schools = "s.toml"
publication = "p.toml"
[output]
restricted = "restricted"
editions = "editions"
published = "published"
[limits]
memory_mb = 512
max_reject_share = 0.05
threads = 2
[legal]
retention = "12 months"
`

// schemaOf is the schema that help writes of a kind of file.
func schemaOf(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	var out, errOut bytes.Buffer
	if code := run(t.Context(), []string{"help", name, "--format", "schema"}, &out, &errOut); code != exitDone {
		t.Fatalf("exit code %d: %s", code, errOut.String())
	}
	document, err := jsonschema.UnmarshalJSON(&out)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource(name, document); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile(name)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// TestSchemasOfPolicies: what the schemas say of policies is what reading them says.
func TestSchemasOfPolicies(t *testing.T) {
	of := map[string]struct {
		schema *jsonschema.Schema
		text   []byte
		read   func([]byte) error
	}{
		"research": {schemaOf(t, "policy"), policy.ResearchText(),
			func(b []byte) error { _, err := policy.Parse(b); return err }},
		"schools": {schemaOf(t, "policy"), policy.SchoolsText(),
			func(b []byte) error { _, err := policy.ParseCells(b); return err }},
		"publication": {schemaOf(t, "publication"), disclosure.DefaultPolicy(),
			func(b []byte) error { _, err := disclosure.ParsePolicy(b); return err }},
	}
	for _, c := range []struct{ of, old, new string }{
		{of: "research"}, {of: "schools"}, {of: "publication"},
		{"research", "[cells]", "[cels]"}, {"research", "k = ", "k = true #"}, {"schools", "persons =", "person ="},
		{"publication", "minimum =", "# minimum ="}, {"publication", "base =", "bases ="},
	} {
		p := of[c.of]
		text := strings.Replace(string(p.text), c.old, c.new, 1)
		if c.old != c.new && text == string(p.text) {
			t.Fatalf("the policy %s does not hold %q", c.of, c.old)
		}
		refused := p.read([]byte(text))
		if err := p.schema.Validate(asJSON(t, text)); (err == nil) != (refused == nil) {
			t.Errorf("%s with %q: the schema says %v, reading it %v", c.of, c.new, err, refused)
		}
	}
	for _, c := range []struct {
		name, text string
		good       bool
	}{
		{"mapping", `columns = { at = "Date", account = 2 }` + "\ndates_sure = true", true},
		{"mapping", `column = { at = "Date" }`, false},
		{"mapping", `skip = "two"`, false},
		{"catalog", `line = [{ table = "url.x", name = "/a", service = "grades" }]`, true},
		{"catalog", `line = [{ table = "url.x", service = "grades" }]`, false},
	} {
		if err := schemaOf(t, c.name).Validate(asJSON(t, c.text)); (err == nil) != c.good {
			t.Errorf("%s %s: %v", c.name, c.text, err)
		}
	}
}

// TestSchemaAgreesWithStudies: what the schema for editors says of a text is what
// reading the study says of it.
func TestSchemaAgreesWithStudies(t *testing.T) {
	schema := schemaOf(t, "study")
	dir := t.TempDir()
	for _, name := range []string{"r.toml", "s.toml", "p.toml"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(dir, "study.toml")
	for _, c := range []struct {
		name, old, new string
		good           bool
	}{
		{"as it is", "", "", true},
		{"another key", "threads =", "thread =", false},
		{"a key missing", `subject = "parent"`, "", false},
		{"another word", `subject = "parent"`, `subject = "teacher"`, false},
		{"another format", `format = "uportal"`, `format = "uportals"`, false},
		{"another type", "synthetic = true", `synthetic = "yes"`, false},
		{"a number for a list", `aaf = ["raw/aaf/*.xml"]`, "aaf = 1", false},
		{"a register that is none", "[registers.equipment]", "[registers.equipments]", false},
		{"no day", "start = 2025-09-08", `start = "September"`, false},
		{"a level that is none", `levels = ["college"]`, `levels = ["collège"]`, false},
		{"a question", "[output]", "[indicators]\ncompute = [\"L1\"]\n[output]", true},
		{"a question that is none", "[output]", "[indicators]\ncompute = [\"L1000\"]\n[output]", false},
		{"an own URL map", "[output]",
			"[[catalog.line]]\ntable = \"url.pronote\"\nname = \"/a\"\nservice = \"ignore:static\"\n[output]", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := strings.Replace(oneStudy, c.old, c.new, 1)
			if c.old != c.new && text == oneStudy {
				t.Fatalf("the study does not hold %q", c.old)
			}
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			_, refused := study.Read(path)
			if err := schema.Validate(asJSON(t, text)); (err == nil) != (refused == nil) {
				t.Errorf("the schema says %v, reading it %v", err, refused)
			}
			if c.good != (refused == nil) {
				t.Errorf("reading it says %v", refused)
			}
		})
	}
}

// asJSON is a text of TOML as an editor hands it to the schema.
func asJSON(t *testing.T, text string) any {
	t.Helper()
	var tree map[string]any
	if err := toml.Unmarshal([]byte(text), &tree); err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(tree)
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return value
}
