package source

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// shop is a server of one file that can break off and change its mind.
type shop struct {
	data     []byte
	etag     string
	breakAt  int // bytes after which the connection breaks, once; 0 is never
	status   int
	requests []string
}

func (s *shop) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.requests = append(s.requests, strings.TrimSpace(r.Header.Get("Range")+" "+r.Header.Get("If-None-Match")+" "+r.Header.Get("Authorization")))
	if s.status != 0 {
		w.WriteHeader(s.status)
		return
	}
	w.Header().Set("ETag", s.etag)
	if s.breakAt > 0 {
		n := s.breakAt
		s.breakAt = 0
		w.Header().Set("Content-Length", fmt.Sprint(len(s.data)))
		w.Write(s.data[:n])
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}
	http.ServeContent(w, r, "x", time.Time{}, bytes.NewReader(s.data))
}

func TestFetch(t *testing.T) {
	s := &shop{data: bytes.Repeat([]byte("line of a log\n"), 40_000), etag: `"v1"`}
	server := httptest.NewTLSServer(s)
	defer server.Close()
	path := filepath.Join(t.TempDir(), "log")
	remote := Remote{URL: server.URL + "/x?token=secret", Client: server.Client(), Header: http.Header{"Authorization": {"Bearer b"}}}
	get := func(want bool) {
		t.Helper()
		changed, err := Fetch(context.Background(), remote, path)
		if err != nil || changed != want {
			t.Fatalf("changed %v, %v", changed, err)
		}
		if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, s.data) {
			t.Fatalf("%d bytes, %v", len(got), err)
		}
	}
	s.breakAt = 100_000
	if _, err := Fetch(context.Background(), remote, path); err == nil || strings.Contains(err.Error(), "secret") {
		t.Fatalf("a broken transfer gives %v", err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Fatal("half a file is in place")
	}
	get(true)  // goes on
	get(false) // unchanged
	s.data, s.etag = append(s.data, "one more\n"...), `"v2"`
	get(true)
	s.data, s.etag, s.breakAt = append(s.data, "another\n"...), `"v3"`, 50_000
	Fetch(context.Background(), remote, path)
	s.data, s.etag = append(s.data, "changed meanwhile\n"...), `"v4"`
	get(true)
	if s.requests[1] == "" || !strings.HasPrefix(s.requests[1], "bytes=") || !strings.Contains(s.requests[2], `"v1"`) || !strings.Contains(s.requests[0], "Bearer b") {
		t.Errorf("requests %q", s.requests)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "*")); len(left) != 2 { // the file and its note
		t.Errorf("left over: %v", left)
	}
}

func TestFetchRefuses(t *testing.T) {
	s := &shop{status: 403}
	server := httptest.NewServer(s)
	defer server.Close()
	other := httptest.NewServer(http.RedirectHandler(server.URL, http.StatusFound))
	defer other.Close()
	path := filepath.Join(t.TempDir(), "log")
	for name, tt := range map[string]struct {
		remote Remote
		want   error
	}{
		"no permission":  {Remote{URL: server.URL, Plain: true}, ErrStatus},
		"plain http":     {Remote{URL: server.URL}, ErrInsecure},
		"another server": {Remote{URL: other.URL, Plain: true}, ErrStatus},
		"a file":         {Remote{URL: "file:///etc/passwd"}, nil},
	} {
		_, err := Fetch(context.Background(), tt.remote, path)
		if err == nil || tt.want != nil && !errors.Is(err, tt.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("a file is in place")
	}
}

func TestEntcoreExport(t *testing.T) {
	var asked []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.RequestURI())
		w.Write([]byte("[]"))
	}))
	defer server.Close()
	dir := filepath.Join(t.TempDir(), "spool")
	export := EntcoreExport{Remote: Remote{URL: server.URL + "/", Plain: true}, Window: 24 * time.Hour}
	from := time.Date(2025, 9, 8, 0, 0, 0, 0, time.UTC)
	fetch := func(now time.Time, want int) {
		t.Helper()
		n, err := export.Fetch(context.Background(), dir, from, from.Add(60*time.Hour), now)
		if err != nil || n != want {
			t.Fatalf("%d windows, %v", n, err)
		}
	}
	fetch(from.Add(48*time.Hour), 1) // the second window ended just now
	fetch(from.Add(49*time.Hour), 1)
	fetch(from.Add(100*time.Hour), 1) // half a day
	fetch(from.Add(100*time.Hour), 0)
	want := "/infra/event/list/events/1757289600000?duration=86400000&sorted=true&skip-synced=false"
	if asked[0] != want || !strings.Contains(asked[2], "duration=43200000") {
		t.Errorf("asked %q", asked)
	}
	files, _ := Glob(dir, []string{"*.json"})
	if len(files) != 3 || filepath.Base(files[0]) != "events-20250908T000000Z.json" {
		t.Errorf("%v", files)
	}
}
