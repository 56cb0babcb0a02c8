package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The table: k = 2 holds at level 0 for q, not for r.
const tableCSV = "id,q,r,s\n1,a,u,x\n2,a,u,y\n3,b,v,x\n4,b,secret,y\n"

const tablePolicy = "person = \"id\"\nk = 2\n\n[[quasi_identifier]]\nname = \"q\"\n\n[[quasi_identifier]]\n" +
	"name = \"r\"\n\n[[sensitive]]\nname = \"s\"\ndistinct_l = 2\n"

// runTable runs `entscope table` over a table and a policy, each with a change.
func runTable(t *testing.T, csv, policy string, args ...string) (code int, out, messages, dir string) {
	t.Helper()
	work := t.TempDir()
	for name, text := range map[string]string{"in.csv": csv, "policy.toml": policy} {
		if err := os.WriteFile(filepath.Join(work, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	dir = filepath.Join(work, "out")
	var stdout, stderr bytes.Buffer
	all := append([]string{"table", filepath.Join(work, "in.csv"), "--policy", filepath.Join(work, "policy.toml"),
		"--out", dir, "--json"}, args...)
	code = run(context.Background(), all, &stdout, &stderr)
	return code, stdout.String(), stderr.String(), dir
}

func TestTableCommand(t *testing.T) {
	t.Parallel()
	code, out, messages, dir := runTable(t, tableCSV, tablePolicy)
	if code != exitDone {
		t.Fatalf("exit %d: %s", code, messages)
	}
	var r map[string]any
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatal(err)
	}
	for _, key := range strings.Fields("rows persons transformation score metric suppressed_persons suppressed_rows " +
		"classes k l t lattice_nodes nodes_checked proved_optimal seconds_search seconds_total") {
		if _, ok := r[key]; !ok {
			t.Errorf("no %q in the JSON", key)
		}
	}
	if r["k"] != 2.0 || r["proved_optimal"] != true || r["rows"] != 4.0 {
		t.Errorf("got %s", out)
	}
	for _, name := range []string{"table.parquet", "manifest.json", "datapackage.json"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
	var risk bytes.Buffer
	if code := run(context.Background(), []string{"risk", filepath.Join(dir, "table.parquet"), "--qi", "q,r",
		"--sensitive", "s", "--json"}, &risk, &risk); code != exitDone {
		t.Fatalf("risk: exit %d: %s", code, risk.String())
	}
	for _, key := range strings.Fields("rows persons classes k k_rows l_distinct l_entropy recursive_c t_equal " +
		"t_ordered beta delta uniques prosecutor journalist marketer profile_k_set profile_k_multiset") {
		if !strings.Contains(risk.String(), `"`+key+`":`) {
			t.Errorf("no %q in the JSON of risk", key)
		}
	}
}

func TestTableCommandRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		csv, policy string
		args        []string
		code        int
		want        string
	}{
		"k too high": {tableCSV, strings.Replace(tablePolicy, "k = 2", "k = 5", 1), nil, exitRefused, "nearest"},
		"nothing left": {tableCSV, strings.Replace(tablePolicy, "k = 2", "k = 5\nsuppression_limit = 1.0", 1), nil,
			exitRefused, "every row would be suppressed: kanon: the policy cannot be met"},
		"nearest k": {tableCSV, strings.Replace(tablePolicy, "k = 2", "k = 5\nsuppression_limit = 1.0", 1), nil,
			exitRefused, "the nearest that could be met: k = 4"},
		"k unset":        {tableCSV, strings.Replace(tablePolicy, "k = 2\n", "", 1), nil, exitUsage, "k must be set"},
		"unknown key":    {tableCSV, tablePolicy + "colour = 1\n", nil, exitUsage, "line 13"},
		"no such column": {tableCSV, strings.Replace(tablePolicy, `"q"`, `"z"`, 1), nil, exitUsage, `"z"`},
		"no hierarchy": {tableCSV, strings.Replace(tablePolicy, `name = "r"`, "name = \"r\"\nhierarchy = \"r.csv\"",
			1), nil, exitUsage, `"r"`},
		"no place": {tableCSV,
			strings.Replace(tablePolicy, `name = "r"`,
				"name = \"r\"\nhierarchy = { groups = [{ u = \"g\", v = \"g\" }] }", 1), nil, exitInput,
			`"r": a value has no place in the hierarchy: 1 values, of 1 persons`},
		"ragged":         {tableCSV + "5\n", tablePolicy, nil, exitInput, "line 6"},
		"empty":          {"", tablePolicy, nil, exitInput, "empty"},
		"missing person": {tableCSV + ",a,u,x\n", tablePolicy, nil, exitInput, `"id"`},
		"no out":         {tableCSV, tablePolicy, []string{"--out", ""}, exitUsage, "--out"},
		"cell of entropy": {tableCSV, "recoding = \"cell\"\nmetric = \"entropy\"\n" + tablePolicy, nil, exitUsage,
			"entropy"},
	} {
		code, out, messages, dir := runTable(t, c.csv, c.policy, c.args...)
		if code != c.code || !strings.Contains(messages, c.want) || out != "" {
			t.Errorf("%s: exit %d, want %d; %q, want %q in it", name, code, c.code, messages, c.want)
		}
		if strings.Contains(messages, "secret") {
			t.Errorf("%s: the message quotes a value: %s", name, messages)
		}
		if _, err := os.Stat(dir); err == nil {
			t.Errorf("%s: something was written", name)
		}
	}
}

func TestTableCommandKeepsWhatIsThere(t *testing.T) {
	code, _, messages, dir := runTable(t, tableCSV, tablePolicy)
	if code != exitDone {
		t.Fatal(messages)
	}
	var stderr bytes.Buffer
	args := []string{"table", filepath.Join(filepath.Dir(dir), "in.csv"), "--policy",
		filepath.Join(filepath.Dir(dir), "policy.toml"), "--out", dir}
	if code := run(context.Background(), args, &stderr, &stderr); code != exitUsage {
		t.Errorf("a folder that is not empty: exit %d: %s", code, stderr.String())
	}
}
