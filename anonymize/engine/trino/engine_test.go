package trino_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

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
