package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/anonymize/disclosure"
	"github.com/entscope/entscope/anonymize/policy"
	"github.com/entscope/entscope/cmd/entscope/internal/reference"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
)

// TestHelpListsEveryKey holds the lists of keys in the topics to the structs that
// read them; -update (go generate ./cmd/entscope) writes them anew.
func TestHelpListsEveryKey(t *testing.T) {
	for _, topic := range topics {
		path := filepath.Join("help", topic.name+".md")
		have, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		want, err := reference.Fill(".", have, study.Words())
		if err != nil {
			t.Fatal(err)
		}
		current(t, path, recounted(want))
	}
	for _, f := range schemaFiles {
		schema, err := reference.Schema(filepath.Join("..", ".."), f.title, f.keys, study.Words())
		if err != nil {
			t.Fatal(err)
		}
		current(t, filepath.Join("help", f.name+".schema.json"), schema)
	}
}

// recounted gives a topic with the size of the catalogue as it is, where the topic shows what plan prints.
func recounted(topic []byte) []byte {
	counts := fmt.Sprintf("%d questions, %d families of comparisons", len(question.All()),
		len(indicator.Families(question.All())))
	return regexp.MustCompile(`\d+ questions, \d+ families of comparisons`).ReplaceAll(topic, []byte(counts))
}

// current holds a file to what is generated, or writes it.
func current(t *testing.T, path string, want []byte) {
	t.Helper()
	have, err := os.ReadFile(path)
	if err == nil && bytes.Equal(have, want) {
		return
	}
	if !*update {
		t.Errorf("%s is not current; hint: go generate ./cmd/entscope", path)
		return
	}
	if err := os.WriteFile(path, want, 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestHelpShowsEveryTopic reads each topic as a user and as a manual page would.
func TestHelpShowsEveryTopic(t *testing.T) {
	pages := t.TempDir()
	var out, errOut bytes.Buffer
	if code := run(t.Context(), []string{"man", "--out", pages}, &out, &errOut); code != exitDone {
		t.Fatalf("man: exit code %d: %s", code, errOut.String())
	}
	for _, topic := range topics {
		out.Reset()
		if code := run(t.Context(), []string{"help", topic.name}, &out, &errOut); code != exitDone {
			t.Errorf("help %s: exit code %d", topic.name, code)
		}
		if !strings.HasPrefix(out.String(), "# ") {
			t.Errorf("help %s does not begin with a title", topic.name)
		}
		if strings.Contains(out.String(), "<!--") {
			t.Errorf("help %s shows a mark of the generator", topic.name)
		}
		name, section, _ := strings.Cut(strings.TrimSuffix(topic.page, ")"), "(")
		if _, err := os.Stat(filepath.Join(pages, name+"."+section)); err != nil {
			t.Errorf("help %s: no manual page: %v", topic.name, err)
		}
	}
	if code := run(t.Context(), []string{"help", "no-such-topic"}, &out, &errOut); code != exitUsage {
		t.Errorf("help of what does not exist: exit code %d, want %d", code, exitUsage)
	}
}

// TestHelpExampleOfPersons does what the topic study says of a directory of plain CSV.
func TestHelpExampleOfPersons(t *testing.T) {
	topic, err := helpTexts.ReadFile("help/study.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(topic), "\n## A directory without")
	block := func(language string) string {
		_, rest, _ := strings.Cut(text, "```"+language+"\n")
		inside, _, _ := strings.Cut(rest, "```\n")
		return inside
	}
	latin, err := charmap.ISO8859_1.NewEncoder().String(block("csv"))
	if err != nil {
		t.Fatal(err)
	}
	head, tail, _ := strings.Cut(oneStudy, "[[source]]\nname = \"clicks\"")
	head, _, _ = strings.Cut(head, "[source.pull]")
	_, tail, _ = strings.Cut(tail, "[policies]")
	dir := t.TempDir()
	for name, content := range map[string]string{
		"study.toml": head + block("toml") + "[policies]" + tail, "r.toml": string(policy.ResearchText()),
		"s.toml": string(policy.SchoolsText()), "p.toml": string(disclosure.DefaultPolicy()),
		"raw/personnes.csv": latin, "raw/a.log": "",
	} {
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_, out, errOut := entscope(t, "check", filepath.Join(dir, "study.toml"))
	_, said, _ := strings.Cut(text, "then says ")
	said, _, _ = strings.Cut(said, ".\n")
	if !strings.Contains(out, "directory: "+said) {
		t.Errorf("the topic says %s; check says\n%s%s", said, out, errOut)
	}
}

// What the topics show of power and plan is what these commands print: the numbers of one,
// the questions and families of the other, whose hash changes with every word of the catalogue.
func TestHelpShowsWhatCommandsPrint(t *testing.T) {
	shown := func(topic string) string {
		data, err := os.ReadFile(filepath.Join("help", topic+".md"))
		if err != nil {
			t.Fatal(err)
		}
		return strings.ReplaceAll(string(data), "\n    ", "\n")
	}
	plan := filepath.Join(t.TempDir(), "plan.toml")
	for topic, args := range map[string][]string{
		"power": {"power", "--share", "0.4", "--icc", "0.03", "--schools", "60", "--persons", "250"},
		"scale": {"capacity", "--parents", "4000000", "--cores", "8", "--memory-gib", "64", "--hours", "8"},
		"plan": {"plan", filepath.Join(finishedDemo(t), "study.toml"), "--primary", "L2-jamais", "--primary",
			"A2-effet",
			"--out", plan},
	} {
		code, out, said := entscope(t, args...)
		if code != 0 {
			t.Errorf("%v: exit %d: %s", args, code, said)
		}
		for _, line := range strings.Split(strings.TrimSpace(out), "\n") {
			if line = strings.TrimRight(line, " "); strings.HasSuffix(line, "plan.toml") ||
				strings.HasPrefix(line, "too late") {
				continue
			}
			if !strings.Contains(shown(topic), strings.TrimSpace(line)) {
				t.Errorf("help %s does not show %q", topic, line)
			}
		}
	}
}

// The flow is printed for Graphviz too, and no other topic is.
func TestHelpFlowAsDOT(t *testing.T) {
	var out, errOut bytes.Buffer
	if code := run(t.Context(), []string{"help", "flow", "--format", "dot"}, &out, &errOut); code != exitDone {
		t.Fatalf("exit code %d: %s", code, errOut.String())
	}
	if want := "\"session\" -> \"visit\";\n"; !strings.HasPrefix(out.String(), "digraph") ||
		!strings.Contains(out.String(), want) {
		t.Errorf("no edge %s", want)
	}
	if code := run(t.Context(), []string{"help", "study", "--format", "dot"}, &out, &errOut); code != exitUsage {
		t.Errorf("help study --format dot: exit code %d", code)
	}
}
