package input

import (
	"context"
	"encoding/pem"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/entscope/entscope/cmd/entscope/internal/study"
	"github.com/entscope/entscope/ingest/source"
)

// TestPull fetches from an https server into the folder of the first pattern.
func TestPull(t *testing.T) {
	dir, remote := t.TempDir(), t.TempDir()
	file := filepath.Join(remote, "2025-09-08.log")
	old := time.Now().Add(-time.Hour)
	if err := errors.Join(os.WriteFile(file, []byte("a line\n"), 0o600), os.Chtimes(file, old, old)); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewTLSServer(http.StripPrefix("/logs", http.FileServer(http.Dir(remote))))
	defer server.Close()
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(filepath.Join(dir, "ca.pem"), ca, 0o600); err != nil {
		t.Fatal(err)
	}
	src := study.Source{Name: "ent", Files: []string{"raw/ent/*.log"},
		Pull: &source.Remote{Kind: "https", URL: server.URL + "/logs/", CAFile: "ca.pem"}}
	s := &study.Study{Dir: dir, Sources: []study.Source{src}}
	o := PullOptions{Progress: func(int64, int64) {}}
	for i, changed := range []bool{true, false} {
		out, err := Pull(context.Background(), s, o)
		if err != nil {
			t.Fatalf("run %d: %v", i+1, err)
		}
		if out.Changed != changed {
			t.Errorf("run %d: changed %t, want %t", i+1, out.Changed, changed)
		}
		if out.Sources[0].Files != 1 {
			t.Errorf("run %d: %d files, want 1", i+1, out.Sources[0].Files)
		}
	}
	if text, err := os.ReadFile(filepath.Join(dir, "raw", "ent", "2025-09-08.log")); err != nil ||
		string(text) != "a line\n" {
		t.Errorf("%q %v", text, err)
	}
	src.Pull.PasswordFile, src.Pull.User = filepath.Join(dir, "none"), "u"
	if _, err := Pull(context.Background(), s, o); !errors.Is(err, study.ErrConfig) {
		t.Errorf("no secret: %v", err)
	}
}

// TestPullGoesOn: neither a file that redirects elsewhere nor a source that fails
// keeps the other files and sources from being fetched.
func TestPullGoesOn(t *testing.T) {
	dir, remote := t.TempDir(), t.TempDir()
	old := time.Now().Add(-time.Hour)
	for _, name := range []string{"a.log", "b.log"} {
		file := filepath.Join(remote, name)
		if err := errors.Join(os.WriteFile(file, []byte("a line\n"), 0o600), os.Chtimes(file, old, old)); err != nil {
			t.Fatal(err)
		}
	}
	mux := http.NewServeMux()
	mux.Handle("/", http.FileServer(http.Dir(remote)))
	mux.Handle("/a.log", http.RedirectHandler("http://169.254.169.254/", http.StatusFound))
	server := httptest.NewServer(mux)
	defer server.Close()
	from := func(name, path string) study.Source {
		return study.Source{Name: name, Files: []string{"raw/" + name + "/*.log"},
			Pull: &source.Remote{Kind: "https", URL: server.URL + path, Plain: true}}
	}
	s := &study.Study{Dir: dir, Sources: []study.Source{from("gone", "/none/"), from("ent", "/")}}
	out, err := Pull(context.Background(), s, PullOptions{Progress: func(int64, int64) {}})
	if !errors.Is(err, study.ErrInput) || !errors.Is(err, source.ErrGone) {
		t.Errorf("error %v, want that of the source gone", err)
	}
	if len(out.Failed) != 1 || !strings.Contains(out.Failed[0], "redirect") {
		t.Errorf("failed %q, want a.log with its redirect", out.Failed)
	}
	if len(out.Sources) != 2 || out.Sources[1].Fetched != 1 {
		t.Errorf("sources %+v, want one file of ent", out.Sources)
	}
}
