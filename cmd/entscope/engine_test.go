//go:build engine

package main

import (
	"crypto/tls"
	"database/sql"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	client "github.com/trinodb/trino-go-client/trino"
)

// argument is a name after a colon.
var argument = regexp.MustCompile(`:[a-z][a-z0-9_]*`)

// TestEngineReadsEveryStatement gives every statement of the house to Trino's own parser, by PREPARE, which looks for
// no table. Texts and comments hold no colon before a name.
func TestEngineReadsEveryStatement(t *testing.T) {
	dir := os.Getenv("ENTSCOPE_ENGINE")
	address, err := os.ReadFile(filepath.Join(dir, "http"))
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(strings.TrimSpace(string(address)))
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.User("entscope")
	transport := &http.Transport{TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12}}
	connector, err := client.NewConnector(&client.Config{ServerURI: u.String(),
		HTTPClient: &http.Client{Transport: transport}})
	if err != nil {
		t.Fatal(err)
	}
	db := sql.OpenDB(connector)
	defer db.Close()
	_, _, files := house(t)
	read := 0
	for _, f := range files {
		if !strings.HasSuffix(f, ".sql") {
			continue
		}
		raw, err := os.ReadFile(filepath.Join("..", "..", filepath.FromSlash(f)))
		if err != nil {
			t.Fatal(err)
		}
		text := strings.TrimSpace(argument.ReplaceAllString(sqlComment.ReplaceAllString(string(raw), ""), "?"))
		for _, statement := range strings.Split(strings.TrimSuffix(text, ";"), ";") {
			read++
			if _, err := db.ExecContext(t.Context(), "PREPARE read FROM "+statement); err != nil {
				t.Errorf("%s: %v", f, err)
			}
		}
	}
	t.Logf("%d statements", read)
}
