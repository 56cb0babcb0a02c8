package main

import (
	"archive/zip"
	"bytes"
	"context"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite the expected output of the scripts")

func TestMain(m *testing.M) {
	testscript.Main(suite{m}, map[string]func(){
		"entscope": func() {
			os.Exit(run(context.Background(), os.Args[1:], os.Stdout, os.Stderr))
		},
		"entscope-main": main, // with what main does before: confine an audit
	})
}

// TestScripts runs the commands as a user would; each script says what it shows.
func TestScripts(t *testing.T) {
	testdata, err := filepath.Abs(filepath.Join("..", "..", "testdata"))
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("TESTDATA", testdata)
			return writePolicies(filepath.Join(env.WorkDir, "policies"))
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "zipped": zipped, "aged": aged,
			"replace": replace, "simulated": simulatedRegion, "anonymized": anonymizedDemo, "keys": keys},
	})
}

// simulated DIR flags… lays a copy of the region that simulate writes with these flags.
func simulatedRegion(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: simulated DIR [flags…]")
	}
	from, err := regionOf(args[1:])
	ts.Check(err)
	ts.Check(os.CopyFS(ts.MkAbs(args[0]), os.DirFS(from)))
}

// anonymized DIR lays a copy of the demo as it was before it was published, which asks few questions.
func anonymizedDemo(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: anonymized DIR")
	}
	ts.Check(anonymized(ts.MkAbs(args[0])))
}

// keys FILE ZONE writes the master key and the salt of the tests: what a release hides is the same in each run.
func keys(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: keys FILE ZONE")
	}
	ts.Check(writeKeys(ts.MkAbs(args[0]), ts.MkAbs(args[1])))
}

// replace OLD NEW FILE replaces a text that stands in the file.
func replace(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: replace OLD NEW FILE")
	}
	path := ts.MkAbs(args[2])
	text, err := os.ReadFile(path)
	ts.Check(err)
	if !strings.Contains(string(text), args[0]) {
		ts.Fatalf("%s does not hold %s", args[2], args[0])
	}
	ts.Check(os.WriteFile(path, []byte(strings.ReplaceAll(string(text), args[0], args[1])), 0o644))
}

// exits CODE command args… runs a command and checks its exit code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE command [args…]")
	}
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	if err != nil {
		exit, ok := err.(interface{ ExitCode() int })
		if !ok {
			ts.Fatalf("%s: %v", args[1], err)
		}
		code = exit.ExitCode()
	}
	if want := args[0]; want != itoa(code) {
		ts.Fatalf("%s ended with exit code %d, not %s", args[1], code, want)
	}
}

// zipped ARCHIVE name file name file… packs files under the names they shall have.
func zipped(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args)%2 != 1 {
		ts.Fatalf("usage: zipped ARCHIVE name file…")
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 1; i < len(args); i += 2 {
		w, err := z.Create(args[i])
		ts.Check(err)
		_, err = io.WriteString(w, ts.ReadFile(args[i+1]))
		ts.Check(err)
	}
	ts.Check(z.Close())
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), b.Bytes(), 0o600))
}

// aged FILE DAYS makes a file so many days old.
func aged(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: aged FILE DAYS")
	}
	days, err := strconv.Atoi(args[1])
	ts.Check(err)
	then := time.Now().AddDate(0, 0, -days)
	ts.Check(os.Chtimes(ts.MkAbs(args[0]), then, then))
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + itoa(n%10)
}
