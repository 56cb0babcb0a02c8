package pull

import (
	"context"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pelletier/go-toml/v2"

	"github.com/entscope/entscope/ingest/source"
)

// pullFrom pulls from a real server of this process, with no second attempt.
func pullFrom(t *testing.T, inbox string, r source.Remote) (Pulled, error) {
	t.Helper()
	p := &puller{
		log: slog.New(slog.DiscardHandler), inbox: inbox, remote: r, progress: func(int64, int64) {},
		now:     func() time.Time { return epoch.Add(1000 * time.Hour) },
		dial:    func(ctx context.Context) (server, error) { return dial(ctx, r) },
		listing: 2 * time.Second,
	}
	return p.run(t.Context())
}

// hostile answers a pull; what it may make of it is told by the table of TestHostileServers.
type hostile struct {
	kind  string
	serve http.HandlerFunc
	// remote changes how the server is reached.
	remote func(*source.Remote)
	want   error  // of the pull; nil is none
	left   string // a word of the one reason why a file was left
}

// endless writes until nobody listens.
func endless(w io.Writer, text string) {
	for {
		if _, err := io.WriteString(w, text); err != nil {
			return
		}
	}
}

// file is a server of one file, whose body is written by get.
func file(size string, get http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Last-Modified", epoch.Format(http.TimeFormat))
		if r.Method == http.MethodHead {
			if size != "" {
				w.Header().Set("Content-Length", size)
			}
			return
		}
		get(w, r)
	}
}

func folder(r *source.Remote) { r.URL += "/logs/" }

func oneFile(r *source.Remote) { r.URL += "/a.log" }

// list is a folder whose index is body, and whose files are small.
func list(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/") {
			io.WriteString(w, body)
			return
		}
		file("2", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "x\n") })(w, r)
	}
}

// bucket answers a listing of S3 with keys, and says whether there are more.
func bucket(truncated bool, keys ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var contents strings.Builder
		for _, key := range keys {
			fmt.Fprintf(&contents, `<Contents><Key>%s</Key><Size>2</Size><ETag>"a"</ETag>`+
				`<LastModified>2025-09-08T12:00:00.000Z</LastModified></Contents>`, key)
		}
		w.Header().Set("Content-Type", "application/xml")
		fmt.Fprintf(w, `<ListBucketResult><IsTruncated>%v</IsTruncated>`+
			`<NextContinuationToken>t</NextContinuationToken>%s</ListBucketResult>`, truncated, contents.String())
	}
}

var hostiles = map[string]hostile{
	"https: a body without end": {kind: "https", remote: oneFile, left: "larger than max_file_mb",
		serve: file("", func(w http.ResponseWriter, _ *http.Request) { endless(w, strings.Repeat("x\n", 1<<15)) })},
	"https: more than it said": {kind: "https", remote: oneFile, left: "changed while",
		serve: file("2", func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, strings.Repeat("x\n", 100))
		})},
	"https: less than it said": {kind: "https", remote: oneFile, want: source.ErrTemporary,
		serve: file("200", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "x\n") })},
	"https: a length that is none": {kind: "https", remote: oneFile, want: source.ErrTemporary,
		serve: file("2", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000000000000")
			io.WriteString(w, "x\n")
		})},
	"https: an index without end": {kind: "https", remote: folder, want: source.ErrServer,
		serve: func(w http.ResponseWriter, _ *http.Request) {
			endless(w, `<a href="a.log">a</a>`+strings.Repeat(" ", 1<<16))
		}},
	"https: an index that drips": {kind: "https", remote: folder, want: source.ErrTemporary,
		serve: func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				io.WriteString(w, " ")
				w.(http.Flusher).Flush()
				time.Sleep(20 * time.Millisecond)
			}
		}},
	"https: names that lead out": {kind: "https", remote: folder, serve: list(`<a href="../up.log">a</a>` +
		`<a href="/etc/passwd">a</a><a href="%2e%2e%2fup.log">a</a><a href="..%2f..%2fup.log">a</a>` +
		`<a href="https://elsewhere.example/logs/b.log">a</a><a href="..">a</a>`)},
	"https: to another server": {kind: "https", remote: oneFile, want: source.ErrServer,
		serve: func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://elsewhere.example/a.log", http.StatusFound)
		}},
	"https: to no TLS": {kind: "https", remote: oneFile, want: source.ErrServer,
		serve: func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://"+r.Host+"/a.log", http.StatusFound)
		}},
	"https: round and round": {kind: "https", remote: oneFile, want: source.ErrServer,
		serve: func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path, http.StatusFound) }},
	"https: of another authority": {kind: "https", want: source.ErrDenied, serve: list(""),
		remote: func(r *source.Remote) { r.CAFile = ""; folder(r) }},
	"https: of another name": {kind: "https", want: source.ErrDenied, serve: list(""),
		remote: func(r *source.Remote) { r.URL = strings.Replace(r.URL, "127.0.0.1", "localhost", 1); folder(r) }},
	"s3: names that lead out": {kind: "s3", left: "name refused",
		serve: bucket(false, "../up.log", "a/../../up.log", "/etc/passwd", `a\b.log`)},
	"s3: a list without end": {kind: "s3", serve: bucket(true), want: source.ErrTemporary},
	"s3: no list": {kind: "s3", want: source.ErrServer,
		serve: func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "<html>sign in</html>") }},
	"s3: to another server": {kind: "s3", want: source.ErrServer,
		serve: func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://elsewhere.example/", http.StatusTemporaryRedirect)
		}},
	"entcore: a document without end": {kind: "entcore", want: source.ErrServer,
		serve: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-HAS-MORE", "false")
			io.WriteString(w, `[{"date": "`)
			endless(w, strings.Repeat("x", 1<<16))
		}},
	"entcore: documents without end": {kind: "entcore", left: "larger than max_file_mb",
		serve: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-HAS-MORE", "false")
			io.WriteString(w, `[{}`)
			endless(w, strings.Repeat(`,{"date": 1}`, 1<<12))
		}},
	"entcore: to another server": {kind: "entcore", want: source.ErrServer,
		serve: func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://elsewhere.example/", http.StatusFound)
		}},
	"lrs: a statement without end": {kind: "lrs", want: source.ErrServer,
		serve: func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, `{"statements": [{"id": "`)
			endless(w, strings.Repeat("x", 1<<16))
		}},
	"lrs: statements without end": {kind: "lrs", left: "larger than max_file_mb",
		serve: func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, `{"statements": [{}`)
			endless(w, strings.Repeat(`,{"id": 1}`, 1<<12))
		}},
	"lrs: more elsewhere": {kind: "lrs", want: source.ErrServer,
		serve: func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, `{"statements": [], "more": "https://elsewhere.example/more"}`)
		}},
	"lrs: round and round": {kind: "lrs", want: source.ErrServer,
		serve: func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprintf(w, `{"statements": [], "more": %q}`, r.URL.String())
		}},
}

// TestHostileServers pulls from servers that mean harm: each pull ends, within its memory and its inbox, and says what
// is wrong with the server.
func TestHostileServers(t *testing.T) {
	for name, c := range hostiles {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := httptest.NewUnstartedServer(c.serve)
			s.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
			s.StartTLS()
			defer s.Close()
			dir := t.TempDir()
			save := func(name string, data []byte) string {
				path := filepath.Join(dir, name)
				if err := os.WriteFile(path, data, 0o600); err != nil {
					t.Fatal(err)
				}
				return path
			}
			cert := s.Certificate()
			day := toml.LocalDate{Year: 2025, Month: 9, Day: 8}
			r := source.Remote{Kind: c.kind, URL: s.URL, MaxFileMB: 1,
				CAFile: save("ca.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Raw}))}
			switch c.kind {
			case "s3":
				r.Bucket, r.User, r.PasswordFile = "logs", "key", save("secret", []byte("secret\n"))
			case "entcore", "lrs":
				r.Since, r.Until, r.Timezone = day, day, "Europe/Paris"
			}
			if c.remote != nil {
				c.remote(&r)
			}
			inbox := filepath.Join(dir, "inbox")
			out, err := pullFrom(t, inbox, r)
			if c.want != nil && !errors.Is(err, c.want) {
				t.Errorf("error %v, want %v", err, c.want)
			}
			if c.want == nil && err != nil {
				t.Errorf("error %v", err)
			}
			if c.left != "" && (len(out.Left) == 0 || !strings.Contains(strings.Join(out.Left, " "), c.left)) {
				t.Errorf("left %q, want one with %q", out.Left, c.left)
			}
			if found, err := filepath.Glob(filepath.Join(inbox, "[^.]*")); err != nil || len(found) > 0 {
				t.Errorf("%d deliveries are in the inbox, %v", len(found), err)
			}
			if entries, err := os.ReadDir(dir); err != nil || len(entries) > 3 {
				t.Errorf("%d names lie beside the inbox, %v", len(entries), err)
			}
		})
	}
}

// TestGarbage pulls from servers that speak another language, or say nothing.
func TestGarbage(t *testing.T) {
	for name, speak := range map[string]func(net.Conn){
		"noise": func(c net.Conn) { endless(c, strings.Repeat("\x00\xffnoise\r\n", 1000)) },
		"end":   func(c net.Conn) { c.Close() },
	} {
		for _, kind := range []string{"sftp", "postgres"} {
			t.Run(kind+" "+name, func(t *testing.T) {
				t.Parallel()
				listener, err := net.Listen("tcp", "127.0.0.1:0")
				if err != nil {
					t.Fatal(err)
				}
				defer listener.Close()
				go func() {
					for {
						c, err := listener.Accept()
						if err != nil {
							return
						}
						go speak(c)
					}
				}()
				dir := t.TempDir()
				secret := filepath.Join(dir, "secret")
				if err := os.WriteFile(secret, []byte("secret\n"), 0o600); err != nil {
					t.Fatal(err)
				}
				day := toml.LocalDate{Year: 2025, Month: 9, Day: 8}
				r := source.Remote{Kind: kind, Host: listener.Addr().String(), User: "u", PasswordFile: secret}
				if kind == "sftp" {
					r.KnownHosts = secret
					if err := os.WriteFile(secret, nil, 0o600); err != nil {
						t.Fatal(err)
					}
				} else {
					r.Database, r.Tables, r.Plain = "d", []string{"events.*"}, true
					r.Since, r.Until, r.Timezone = day, day, "Europe/Paris"
				}
				if _, err := pullFrom(t, filepath.Join(dir, "inbox"), r); err == nil {
					t.Error("it was pulled from")
				}
			})
		}
	}
}
