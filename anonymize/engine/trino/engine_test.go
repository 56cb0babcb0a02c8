package trino_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	neturl "net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"

	"github.com/entscope/entscope/anonymize/engine/trino"
)

// valid is a configuration of a server on this machine.
func valid(url string) trino.Config {
	return trino.Config{URL: url, Catalog: "lake", Schema: "entscope_test", Owner: "test", User: "entscope",
		Folder: "/srv/lake", FolderURL: "local:///lake", MostRows: 10}
}

func TestCheck(t *testing.T) {
	far := valid("https://trino.example.org:8443")
	far.Password = "secret"
	for name, c := range map[string]struct {
		change func(*trino.Config)
		want   string // "" is valid
	}{
		"as it is":             {func(*trino.Config) {}, ""},
		"here, without either": {func(c *trino.Config) { c.URL, c.Password = "http://127.0.0.1:8080", "" }, ""},
		"no TLS":               {func(c *trino.Config) { c.URL = "http://trino.example.org:8080" }, "without TLS"},
		"like here":            {func(c *trino.Config) { c.URL = "http://127.0.0.1.example.org" }, "without TLS"},
		"no password":          {func(c *trino.Config) { c.Password = "" }, "without authentication"},
		"password over http":   {func(c *trino.Config) { c.URL = "http://localhost:8080" }, "a password over http"},
		"a user in the url":    {func(c *trino.Config) { c.URL = "https://a:b@trino.example.org" }, "url is not like"},
		"no user":              {func(c *trino.Config) { c.User = "" }, "no user"},
		"SQL in the catalog":   {func(c *trino.Config) { c.Catalog = `l"; DROP` }, "catalog is not a name"},
		"SQL in the schema":    {func(c *trino.Config) { c.Schema = "a b" }, "scratch schema is not a name"},
		"SQL in the folder":    {func(c *trino.Config) { c.FolderURL = "s3://a'b" }, "address of the shared folder"},
		"a relative folder":    {func(c *trino.Config) { c.Folder = "lake" }, "not an absolute path"},
		"no bound of answers":  {func(c *trino.Config) { c.MostRows = 0 }, "most rows"},
	} {
		config := far
		c.change(&config)
		err := config.Check()
		if c.want == "" {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if !errors.Is(err, trino.ErrConfig) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s", name, err, c.want)
		}
	}
}

// A server that refuses, and what that is to a user.
func TestFaults(t *testing.T) {
	said := func(kind, name, message string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			_ = json.NewEncoder(w).Encode(map[string]any{"id": "q", "infoUri": "", "stats": map[string]any{},
				"error": map[string]any{"message": message, "errorName": name, "errorType": kind, "errorCode": 1}})
		}
	}
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		want   error
		text   string
	}{
		"password": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) },
			trino.ErrConfig, "password refused"},
		"memory": {said("INSUFFICIENT_RESOURCES", "EXCEEDED_GLOBAL_MEMORY_LIMIT", "a person"), trino.ErrUnavailable,
			"EXCEEDED_GLOBAL_MEMORY_LIMIT"},
		"a worker lost": {said("INTERNAL_ERROR", "REMOTE_HOST_GONE", "a person"), trino.ErrUnavailable, "GONE"},
		"catalog":       {said("USER_ERROR", "CATALOG_NOT_FOUND", "no lake"), trino.ErrConfig, "no lake"},
		"a row":         {said("USER_ERROR", "INVALID_CAST_ARGUMENT", "a person"), nil, "INVALID_CAST_ARGUMENT"},
	} {
		server := httptest.NewServer(c.answer)
		_, err := trino.Open(t.Context(), valid(server.URL))
		server.Close()
		if err == nil || !strings.Contains(err.Error(), c.text) || strings.Contains(err.Error(), "a person") {
			t.Errorf("%s: %v", name, err)
		}
		if c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: %v is not %v", name, err, c.want)
		}
		if errors.Is(err, trino.ErrUnavailable) != (c.want == trino.ErrUnavailable) {
			t.Errorf("%s: trying again: %v", name, err)
		}
	}
}

// A certificate that nobody vouches for ends the run before a word is said.
func TestCertificateIsAsked(t *testing.T) {
	asked := 0
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked++ }))
	defer server.Close()
	server.Config.ErrorLog = nil
	c := valid(server.URL)
	c.Password = "secret"
	if _, err := trino.Open(t.Context(), c); !errors.Is(err, trino.ErrConfig) || !strings.Contains(err.Error(), "TLS") {
		t.Errorf("%v", err)
	}
	if asked > 0 {
		t.Errorf("asked %d times", asked)
	}
}

// coordinator answers every statement with no row, and the question for its version with one.
func coordinator(t *testing.T, version string) (url string, asked *[]string) {
	asked = &[]string{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		varchar := map[string]any{"rawType": "varchar",
			"arguments": []any{map[string]any{"kind": "LONG", "value": 20}}}
		answer := map[string]any{"id": "q", "infoUri": "", "stats": map[string]any{"state": "FINISHED"},
			"columns": []any{map[string]any{"name": "c", "type": "varchar(20)", "typeSignature": varchar}}}
		defer func() { _ = json.NewEncoder(w).Encode(answer) }()
		if r.Method == http.MethodGet {
			if r.URL.Path == "/version" {
				answer["data"] = []any{[]any{version}}
			}
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		text := string(body)
		answer["nextUri"] = "http://" + r.Host + "/nothing"
		if text == "SELECT version()" {
			answer["nextUri"] = "http://" + r.Host + "/version"
		}
		if _, prepared, ok := strings.Cut(r.Header.Get("X-Trino-Prepared-Statement"), "="); ok {
			if prepared, err = neturl.QueryUnescape(prepared); err != nil {
				t.Error(err)
			}
			text += " | " + prepared
		}
		*asked = append(*asked, strings.Join(strings.Fields(text), " "))
	}))
	t.Cleanup(server.Close)
	return server.URL, asked
}

// What is read once, and views, go into what reads them; names mean tables that are never changed, and go at the end.
func TestStatements(t *testing.T) {
	ctx := t.Context()
	url, asked := coordinator(t, "477")
	c := valid(url)
	c.Folder = t.TempDir()
	var warned []string
	c.Warn = func(text string) { warned = append(warned, text) }
	e, err := trino.Open(ctx, c)
	if err != nil {
		t.Fatal(err)
	}
	if len(warned) != 1 || !strings.Contains(warned[0], "477") {
		t.Errorf("of an untested version: %q", warned)
	}
	*asked = nil
	for _, err := range []error{
		e.Materialise(ctx, "a", false, "SELECT 1 AS n"),
		e.Materialise(ctx, "b", true, "SELECT n FROM a WHERE n > ?", int64(1)),
		e.Define(ctx, "v", "SELECT n, 'from a' AS t FROM b AS x -- from a\n"),
		e.Materialise(ctx, "a", false, "SELECT n FROM a JOIN v ON v.n = a.n AND a.n < ?", int64(2)),
		e.Drop(ctx, "b", false),
		e.Rename(ctx, "a", "c"),
		e.Extend(ctx, "c", "SELECT 3 AS n"),
		e.Drop(ctx, "v", true),
		e.Query(ctx, "SELECT n FROM c", func(arrow.Record) error { return nil }),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	want := []string{
		"CREATE TABLE a_1 AS SELECT 1 AS n",
		"EXECUTE _trino_go USING 1, 2 | CREATE TABLE a_4 AS WITH b_2 AS ( SELECT n FROM a_1 AS a WHERE n > ? ), " +
			"v_3 AS ( SELECT n, 'from a' AS t FROM b_2 AS x -- from a ) " +
			"SELECT n FROM a_1 AS a JOIN v_3 AS v ON v.n = a.n AND a.n < ?",
		"CREATE TABLE c_5 AS SELECT 3 AS n",
		"WITH c_6 AS ( SELECT * FROM a_4 UNION ALL SELECT * FROM c_5 ) SELECT n FROM c_6 AS c",
	}
	if got := *asked; !slices.Equal(got, want) {
		t.Errorf("asked\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	*asked = nil
	if err := e.Close(); err != nil {
		t.Error(err)
	}
	if want := []string{`DROP SCHEMA IF EXISTS "lake"."entscope_test" CASCADE`}; !slices.Equal(*asked, want) {
		t.Errorf("at the end asked %q, want %q", *asked, want)
	}
	if left, err := os.ReadDir(c.Folder); err != nil || len(left) > 0 {
		t.Errorf("left in the shared folder: %v, %v", left, err)
	}
}

// A folder of the schema's name that somebody else filled stays.
func TestForeignFolderStays(t *testing.T) {
	url, _ := coordinator(t, trino.Tested)
	c := valid(url)
	c.Folder = t.TempDir()
	mine := filepath.Join(c.Folder, c.Schema, "mine")
	if err := os.MkdirAll(mine, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := trino.Open(t.Context(), c); !errors.Is(err, trino.ErrConfig) {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(mine); err != nil {
		t.Error(err)
	}
}

// What a killed run shared goes also where the server is not there any more; what another study shares stays.
func TestRemoveWithoutAServer(t *testing.T) {
	url, _ := coordinator(t, trino.Tested)
	c := valid(url)
	c.Folder = t.TempDir()
	if _, err := trino.Open(t.Context(), c); err != nil { // and never closed
		t.Fatal(err)
	}
	c.URL = "http://127.0.0.1:1"
	other := c
	other.Owner = "other"
	if err := trino.Remove(t.Context(), other); !errors.Is(err, trino.ErrUnavailable) || !errors.Is(err, trino.ErrConfig) {
		t.Errorf("of another study: %v", err)
	}
	folder := filepath.Join(c.Folder, c.Schema)
	if _, err := os.Stat(folder); err != nil {
		t.Error(err)
	}
	if err := trino.Remove(t.Context(), c); !errors.Is(err, trino.ErrUnavailable) {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(folder); err == nil {
		t.Error("files stay in the shared folder")
	}
}
