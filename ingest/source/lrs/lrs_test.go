package lrs

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pelletier/go-toml/v2"

	"github.com/entscope/entscope/ingest/source"
)

// store has a statement stored on every minute and gives pages of 100, by an address
// below its own endpoint.
func store(w http.ResponseWriter, r *http.Request) {
	user, password, _ := r.BasicAuth()
	q := r.URL.Query()
	since, err1 := time.Parse(time.RFC3339, q.Get("since"))
	until, err2 := time.Parse(time.RFC3339, q.Get("until"))
	switch {
	case r.URL.Path != "/data/xAPI/statements" || err1 != nil || err2 != nil:
		http.NotFound(w, r)
		return
	case user != "reader" || password != "secret":
		w.WriteHeader(http.StatusUnauthorized)
		return
	case !strings.HasPrefix(r.Header.Get("X-Experience-API-Version"), "1.0"):
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	from, _ := strconv.Atoi(q.Get("from"))
	var page []string
	more := ""
	for n, at := 0, since.Add(time.Minute); !at.After(until); n, at = n+1, at.Add(time.Minute) {
		switch {
		case n < from:
		case len(page) < 100:
			page = append(page, fmt.Sprintf("{\"stored\": %q,\n \"verb\": {}}", at.Format(time.RFC3339)))
		case more == "":
			q.Set("from", strconv.Itoa(n))
			more = "/data/xAPI/statements?" + q.Encode()
		}
	}
	w.Header().Set("X-Experience-API-Consistent-Through", until.Add(time.Hour).Format(time.RFC3339))
	fmt.Fprintf(w, "{\"statements\": [%s], \"more\": %q}", strings.Join(page, ","), more)
}

// says is a store that gives one answer.
func says(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, text) }
}

// status is a store that answers with a status alone.
func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

func TestWindows(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(secret, []byte("secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	endless := 0
	elsewhere := says(`{"statements":[{}],"more":"https://169.254.169.254/latest/"}`)
	for name, c := range map[string]struct {
		serve http.HandlerFunc
		want  error
	}{
		"pages":                    {store, nil},
		"another server":           {elsewhere, source.ErrServer},
		"another scheme":           {says(`{"statements":[],"more":"file:///etc/passwd"}`), source.ErrServer},
		"the same page":            {says(`{"statements":[{}],"more":"/again"}`), source.ErrServer},
		"no statements":            {says(`{"error":"maintenance"}`), source.ErrServer},
		"statements that are none": {says(`{"statements":"none"}`), source.ErrServer},
		"a page to read":           {says("<html>sign in"), source.ErrServer},
		"one statement":            {says(`[]`), source.ErrServer},
		"breaks off":               {says(`{"statements":[{"a":1},`), source.ErrTemporary},
		"breaks off in a text":     {says(`{"statements":[{"a":"`), source.ErrTemporary},
		"busy":                     {status(503), source.ErrTemporary},
		"not let in":               {status(403), source.ErrDenied},
		"redirected away": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.2:1/", http.StatusFound)
		}, source.ErrServer},
		"not yet consistent": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Experience-API-Consistent-Through", "2025-09-08T10:00:00Z")
			io.WriteString(w, `{"statements":[],"more":""}`)
		}, source.ErrTemporary},
		"a page without end": {func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, `{"statements":[`)
			for line := `{"a":"` + strings.Repeat("x", 1<<20) + `"},`; endless <= maxPage; endless += len(line) {
				io.WriteString(w, line)
			}
		}, source.ErrServer},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(c.serve)
			defer server.Close()
			day := toml.LocalDate{Year: 2025, Month: 9, Day: 8}
			s, err := Dial(source.Remote{Kind: "lrs", URL: server.URL + "/data/xAPI/", Plain: true, User: "reader",
				PasswordFile: secret, Since: day, Until: day, Timezone: "Europe/Paris",
				Window: source.Duration(12 * time.Hour)})
			if err != nil {
				t.Fatal(err)
			}
			entries, err := s.List(t.Context())
			if err != nil || len(entries) != 2 {
				t.Fatalf("%v %v", entries, err)
			}
			seen := map[string]bool{}
			lines := 0
			for _, e := range entries {
				body, openErr := s.Open(t.Context(), e, 0)
				if openErr != nil {
					t.Fatal(openErr)
				}
				text, readErr := io.ReadAll(body)
				err = errors.Join(err, readErr)
				if readErr != nil {
					break
				}
				for line := range strings.Lines(string(text)) {
					seen[line] = true
					lines++
				}
			}
			if !errors.Is(err, c.want) {
				t.Errorf("error %v, want %v", err, c.want)
			}
			if err == nil && (lines != 1440 || len(seen) != 1440) {
				t.Errorf("%d lines, %d distinct, want 1440 of each", lines, len(seen))
			}
			if err != nil && strings.Contains(err.Error(), "sign in") {
				t.Errorf("the error quotes the answer: %v", err)
			}
		})
	}
}
