package input

import (
	"context"
	"encoding/pem"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
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
	if text, err := os.ReadFile(filepath.Join(dir, "raw", "ent", "2025-09-08.log")); err != nil || string(text) != "a line\n" {
		t.Errorf("%q %v", text, err)
	}
	src.Pull.PasswordFile, src.Pull.User = filepath.Join(dir, "none"), "u"
	if _, err := Pull(context.Background(), s, o); !errors.Is(err, study.ErrConfig) {
		t.Errorf("no secret: %v", err)
	}
}
