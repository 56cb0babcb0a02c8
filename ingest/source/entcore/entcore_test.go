package entcore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"

	"github.com/entscope/entscope/ingest/source"
)

// platform has an event every minute and gives batches of at most 100.
func platform(w http.ResponseWriter, r *http.Request) {
	from, _ := strconv.ParseInt(r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:], 10, 64)
	duration, _ := strconv.ParseInt(r.URL.Query().Get("duration"), 10, 64)
	var events []string
	for ms := (from + 59_999) / 60_000 * 60_000; ms < from+duration; ms += 60_000 {
		events = append(events, fmt.Sprintf("{\"date\": %d,\n \"module\": \"Auth\"}", ms))
	}
	if strings.HasPrefix(r.URL.Path, "/infra/v2/") {
		w.Header().Set("X-HAS-MORE", fmt.Sprint(len(events) > 100))
		events = events[:min(100, len(events))]
	}
	fmt.Fprintf(w, "[%s]", strings.Join(events, ","))
}

func TestExport(t *testing.T) {
	for name, tt := range map[string]struct {
		serve http.HandlerFunc
		want  error
	}{
		"v2": {platform, nil},
		"v1": {func(w http.ResponseWriter, r *http.Request) {
			if strings.HasPrefix(r.URL.Path, "/infra/v2/") || r.URL.Query().Get("skip-synced") != "false" {
				http.NotFound(w, r)
				return
			}
			platform(w, r)
		}, nil},
		"says not whether there are more": {func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, "[]")
		}, source.ErrServer},
		"breaks off": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-HAS-MORE", "false")
			io.WriteString(w, `[{"date":1},`)
		}, source.ErrTemporary},
		"a page": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-HAS-MORE", "false")
			io.WriteString(w, "<html>sign in")
		}, source.ErrServer},
		"always more": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-HAS-MORE", "true")
		}, source.ErrServer},
		"no admin": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(401) }, source.ErrDenied},
		"busy":     {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) }, source.ErrTemporary},
	} {
		server := httptest.NewServer(tt.serve)
		day := toml.LocalDate{Year: 2025, Month: 9, Day: 8}
		s, err := Dial(source.Remote{Kind: "entcore", URL: server.URL, Plain: true, Since: day, Until: day,
			Timezone: "Europe/Paris"})
		if err != nil {
			t.Fatal(err)
		}
		entries, err := s.List(context.Background())
		if err != nil || len(entries) != 1 {
			t.Fatalf("%v %v", entries, err)
		}
		body, err := s.Open(context.Background(), entries[0], 0)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(body)
		seen := map[string]bool{}
		for line := range strings.Lines(string(text)) {
			seen[line] = true
		}
		if !errors.Is(err, tt.want) || err == nil && (len(seen) != 1440 || strings.Count(string(text), "\n") != 1440) {
			t.Errorf("%s: %d events, %v", name, len(seen), err)
		}
		server.Close()
	}
}
