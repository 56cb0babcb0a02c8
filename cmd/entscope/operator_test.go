package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"testing"
)

// What ends a command is a record of the journal, with its exit code, also where the command line is at fault.
func TestErrorOfJournal(t *testing.T) {
	for name, c := range map[string]struct {
		args []string
		code int
	}{
		"file":     {[]string{"run", "no-such.toml"}, exitUsage},
		"argument": {[]string{"run"}, exitUsage},
		"flag":     {[]string{"run", "--no-such"}, exitUsage},
	} {
		var errOut bytes.Buffer
		if code := run(context.Background(), append([]string{"--log-format", "json"}, c.args...), io.Discard,
			&errOut); code != c.code {
			t.Errorf("%s: exit code %d", name, code)
		}
		var r struct {
			Level, Msg string
			Exit       int
		}
		if err := json.Unmarshal(errOut.Bytes(), &r); err != nil {
			t.Fatalf("%s: %v in %q", name, err, errOut.String())
		}
		if r.Level != "ERROR" || r.Exit != c.code || r.Msg == "" {
			t.Errorf("%s: %+v", name, r)
		}
	}
}
