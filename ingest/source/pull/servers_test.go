//go:build servers

package pull

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/pelletier/go-toml/v2"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/catalog"
	"github.com/entscope/entscope/ingest/format/entcore"
	"github.com/entscope/entscope/ingest/format/moodle"
	"github.com/entscope/entscope/ingest/source"
	"github.com/entscope/entscope/ingest/source/https"
)

// place is the folder that .ci/servers made; without it these tests fail.
func place(t *testing.T, name string) string {
	t.Helper()
	dir := os.Getenv("ENTSCOPE_SERVERS")
	if dir == "" {
		t.Fatal("ENTSCOPE_SERVERS is not set: run .ci/servers")
	}
	return filepath.Join(dir, name)
}

func told(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(place(t, name))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(data))
}

func put(t *testing.T, path string, data []byte, age time.Duration) {
	t.Helper()
	at := time.Now().Add(-age)
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, data, 0o644),
		os.Chtimes(path, at, at)); err != nil {
		t.Fatal(err)
	}
}

// big is 20 MB of lines that do not repeat.
func big() []byte {
	var b bytes.Buffer
	for i := 0; b.Len() < 20<<20; i++ {
		fmt.Fprintf(&b, "%x\n", sha256.Sum256(fmt.Append(nil, i)))
	}
	return b.Bytes()
}

// serving runs what every server of files must pass. A nil write is one that
// the server's files are not written by.
func serving(t *testing.T, r source.Remote, write func(name string, data []byte, age time.Duration)) {
	t.Helper()
	inbox := t.TempDir()
	pull := func(fetched, known, left int) {
		t.Helper()
		out, err := Pull(t.Context(), inbox, r, Options{})
		expect(t, out, err, fetched, known, left)
	}
	text := big()
	write("2025-09-08.log", text[:10<<20], 2*time.Hour)
	write("accents é à.log", []byte("x\n"), 2*time.Hour)
	write("b.log.part", []byte("half"), 2*time.Hour)
	pull(2, 0, 1)
	pull(0, 2, 1)
	write("2025-09-08.log", text, time.Hour)
	pull(1, 1, 1)
	got := files(t, inbox)
	if len(got) != 2 || got["2025-09-08.log"] != string(text) || got["accents é à.log"] != "x\n" {
		t.Errorf("%d files, %d bytes", len(got), len(got["2025-09-08.log"]))
	}
	if r.SettleTime() > 0 {
		write("now.log", []byte("being written"), 0)
		pull(0, 2, 2)
	}
}

func TestServerSFTP(t *testing.T) {
	root := place(t, "sftp-files/a")
	r := source.Remote{Kind: "sftp", Host: told(t, "sftp"), User: told(t, "user"), Path: root,
		KnownHosts: place(t, "known_hosts"), KeyFile: place(t, "id")}
	serving(t, r, func(name string, data []byte, age time.Duration) { put(t, filepath.Join(root, name), data, age) })

	root = place(t, "sftp-files/b")
	put(t, filepath.Join(root, "0340001A", "x.log"), []byte("x"), time.Hour)
	os.Symlink("/etc/passwd", filepath.Join(root, "passwd.log"))
	r.Path = root
	inbox := t.TempDir()
	out, err := Pull(t.Context(), inbox, r, Options{})
	expect(t, out, err, 1, 0, 0)
	if files(t, inbox)["0340001A_x.log"] != "x" {
		t.Error("the file of the school's folder is not there")
	}

	for name, change := range map[string]func(*source.Remote){
		"another host's key": func(r *source.Remote) {
			other, _ := os.ReadFile(place(t, "id.pub"))
			r.KnownHosts = filepath.Join(t.TempDir(), "known_hosts")
			host := strings.Replace(r.Host, "127.0.0.1", "[127.0.0.1]", 1)
			os.WriteFile(r.KnownHosts, fmt.Appendf(nil, "%s %s", host, other), 0o600)
		},
		"unknown host": func(r *source.Remote) {
			r.KnownHosts = filepath.Join(t.TempDir(), "known_hosts")
			os.WriteFile(r.KnownHosts, nil, 0o600)
		},
		"another user": func(r *source.Remote) { r.User = "nobody" },
		"another key":  func(r *source.Remote) { r.KeyFile = place(t, "hostkey") },
		"no folder":    func(r *source.Remote) { r.Path = "/nowhere" },
	} {
		bad := r
		change(&bad)
		if _, err := Pull(t.Context(), t.TempDir(), bad, Options{}); !errors.Is(err, source.ErrDenied) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestServerLRS pulls what a learning record store has of a window, over its pages.
func TestServerLRS(t *testing.T) {
	host := told(t, "lrs")
	day := toml.LocalDate{Year: 2025, Month: 9, Day: 15}
	r := source.Remote{Kind: "lrs", URL: "https://" + host + "/xAPI/", CAFile: place(t, "ca.pem"), User: "pull",
		PasswordFile: place(t, "secret"), Since: day, Until: day, Timezone: "Europe/Paris"}
	ca, err := os.ReadFile(r.CAFile)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(ca)
	web := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}
	var posted []string
	for i := range 5 {
		posted = append(posted, fmt.Sprintf(`{"id":"6f0e1d5a-0000-4000-8000-%012d","actor":{"account":`+
			`{"homePage":"https://m.example","name":"u%d"}},"verb":{"id":"https://w3id.org/xapi/adl/verbs/logged-in"},`+
			`"object":{"id":"https://m.example"},"timestamp":"2025-09-15T%02d:00:00+02:00"}`, i, i, 8+i))
	}
	q, err := http.NewRequest(http.MethodPost, r.URL+"statements", strings.NewReader("["+strings.Join(posted, ",")+"]"))
	if err != nil {
		t.Fatal(err)
	}
	q.SetBasicAuth("pull", told(t, "secret"))
	q.Header.Set("Content-Type", "application/json")
	q.Header.Set("X-Experience-API-Version", "1.0.3")
	answer, err := web.Do(q)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("post: %v %v", answer, err)
	}
	answer.Body.Close()
	inbox := t.TempDir()
	out, err := Pull(t.Context(), inbox, r, Options{})
	expect(t, out, err, 1, 0, 0)
	for name, text := range files(t, inbox) {
		for i := range posted {
			if id := fmt.Sprintf(`"id":"6f0e1d5a-0000-4000-8000-%012d"`, i); strings.Count(text, id) != 1 {
				t.Errorf("%s: statement %d is there %d times", name, i, strings.Count(text, id))
			}
		}
		if n := strings.Count(text, "\n"); n != len(posted) {
			t.Errorf("%s: %d lines, want %d", name, n, len(posted))
		}
	}
	r.PasswordFile = filepath.Join(t.TempDir(), "another")
	if err := os.WriteFile(r.PasswordFile, []byte("another password"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Pull(t.Context(), t.TempDir(), r, Options{}); !errors.Is(err, source.ErrDenied) {
		t.Errorf("another password: %v", err)
	}
}

func TestServerHTTPS(t *testing.T) {
	host, n := told(t, "https"), 0
	for _, index := range []string{"html", "json", "private"} {
		n++
		dir := fmt.Sprint(n)
		r := source.Remote{Kind: "https", URL: "https://" + host + "/" + index + "/" + dir + "/",
			CAFile: place(t, "ca.pem")}
		if index == "private" {
			if err := os.MkdirAll(place(t, "www/"+dir), 0o755); err != nil {
				t.Fatal(err)
			}
			if _, err := Pull(t.Context(), t.TempDir(), r, Options{}); !errors.Is(err, source.ErrDenied) {
				t.Errorf("without a password: %v", err)
			}
			r.User, r.PasswordFile = "pull", place(t, "secret")
		}
		serving(t, r, func(name string, data []byte, age time.Duration) {
			put(t, place(t, "www/"+dir+"/"+name), data, age)
		})
	}
	put(t, place(t, "www/one.log"), []byte("one\n"), time.Hour)
	r := source.Remote{Kind: "https", URL: "https://" + host + "/html/one.log", CAFile: place(t, "ca.pem")}
	out, err := Pull(t.Context(), t.TempDir(), r, Options{})
	expect(t, out, err, 1, 0, 0)
	r.CAFile = ""
	if _, err := Pull(t.Context(), t.TempDir(), r, Options{}); !errors.Is(err, source.ErrDenied) {
		t.Errorf("a certificate of nobody: %v", err)
	}
}

func TestServerGoesOn(t *testing.T) {
	host, text := told(t, "https"), big()
	put(t, place(t, "www/resume/x.log"), text, time.Hour)
	put(t, place(t, "sftp-files/resume/x.log"), text, time.Hour)
	for _, r := range []source.Remote{
		{Kind: "https", URL: "https://" + host + "/html/resume/", CAFile: place(t, "ca.pem")},
		{Kind: "sftp", Host: told(t, "sftp"), User: told(t, "user"), Path: place(t, "sftp-files/resume"),
			KnownHosts: place(t, "known_hosts"), KeyFile: place(t, "id")},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		inbox, reached := t.TempDir(), int64(0)
		_, err := Pull(ctx, inbox, r, Options{Progress: func(done, _ int64) {
			if reached = done; done > 5<<20 {
				cancel()
			}
		}})
		if err == nil || reached == 0 || len(partials(t, inbox)) != 1 {
			t.Fatalf("%s: cancelled after %d bytes: %v", r.Kind, reached, err)
		}
		first := int64(-1)
		out, err := Pull(t.Context(), inbox, r, Options{Progress: func(done, _ int64) {
			if first < 0 && done > 0 {
				first = done
			}
		}})
		expect(t, out, err, 1, 0, 0)
		if first <= 5<<20 || files(t, inbox)["x.log"] != string(text) {
			t.Errorf("%s: went on at %d", r.Kind, first)
		}
	}
}

func partials(t *testing.T, inbox string) []string {
	t.Helper()
	partial, err := filepath.Glob(filepath.Join(inbox, ".*"+partialSuffix))
	if err != nil {
		t.Fatal(err)
	}
	return partial
}

func TestServerS3(t *testing.T) {
	r := source.Remote{Kind: "s3", URL: "https://" + told(t, "s3"), Bucket: "logs", Prefix: "ent/", User: "pull",
		PasswordFile: place(t, "secret"), CAFile: place(t, "ca.pem")}
	transport, err := https.Transport(r)
	if err != nil {
		t.Fatal(err)
	}
	u, _ := url.Parse(r.URL)
	store, err := minio.New(u.Host, &minio.Options{Creds: credentials.NewStaticV4("pull", told(t, "secret"), ""),
		Secure: true, Transport: transport})
	if err != nil {
		t.Fatal(err)
	}
	if err := store.MakeBucket(t.Context(), "logs", minio.MakeBucketOptions{}); err != nil {
		t.Fatal(err)
	}
	write := func(name string, data []byte, _ time.Duration) {
		if _, err := store.PutObject(t.Context(), "logs", name, bytes.NewReader(data), int64(len(data)),
			minio.PutObjectOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	write("other/x.log", []byte("x"), 0)
	serving(t, r, func(name string, data []byte, age time.Duration) { write("ent/"+name, data, age) })

	for name, change := range map[string]func(*source.Remote){
		"another bucket": func(r *source.Remote) { r.Bucket = "nowhere" },
		"another user":   func(r *source.Remote) { r.User = "nobody" },
		"certificate":    func(r *source.Remote) { r.CAFile = "" },
	} {
		bad := r
		change(&bad)
		if _, err := Pull(t.Context(), t.TempDir(), bad, Options{}); !errors.Is(err, source.ErrDenied) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestServerPostgres(t *testing.T) {
	host := told(t, "postgres")
	admin, err := pgx.Connect(t.Context(),
		fmt.Sprintf("postgres://owner:%s@%s/postgres?sslmode=verify-full&sslrootcert=%s", told(t, "secret"), host,
			place(t, "ca.pem")))
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close(context.Background())
	// The first table as entcore creates it (FORMATS.md#entcore-events-in-postgresql), partitioned by month.
	_, err = admin.Exec(t.Context(), `
CREATE SCHEMA events;
CREATE TABLE events.access_events (id uuid, date timestamp without time zone not null,
 profile varchar(9), module varchar(64),
 event_type varchar(16), ua varchar(256), device_type varchar(32), platform_id varchar(36), user_id varchar(36))
 PARTITION BY RANGE (date);
CREATE TABLE events.old_access_events PARTITION OF events.access_events
 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE events.auth_events (id uuid PRIMARY KEY, date timestamp without time zone not null,
 profile varchar(9), module varchar(64),
 event_type varchar(16), ua varchar(256), user_id varchar(36), ip varchar(64));
INSERT INTO events.access_events
 SELECT gen_random_uuid(), timestamp '2025-09-08' + i * interval '20 seconds', 'Relative', 'Conversation', 'ACCESS',
 'secret-agent', 'mobile', 'p', 'user' || i % 50
 FROM generate_series(0, 8639) AS i;
INSERT INTO events.auth_events VALUES
 (gen_random_uuid(), '2025-09-08T08:00', 'Relative', 'Auth', 'LOGIN', 'Mozilla/5.0 (iPhone)', 'user1', '192.0.2.1'),
 (gen_random_uuid(), '2025-10-26T02:30', 'Relative', 'Auth', 'LOGIN', NULL, 'user1', '192.0.2.1');
CREATE TABLE mdl_logstore_standard_log (id bigserial PRIMARY KEY, eventname varchar(255), component varchar(100),
 action varchar(100), userid bigint,
 relateduserid bigint, realuserid bigint, anonymous smallint, other text, timecreated bigint,
 origin varchar(10), ip varchar(45));
INSERT INTO mdl_logstore_standard_log (eventname, component, action, userid, anonymous, other, timecreated, origin, ip)
 VALUES ('\core\event\user_loggedin', 'core', 'loggedin', 5, 0, 'a:1:{s:8:"username";s:3:"abc";}',
 1757318400, 'web', '192.0.2.1');
CREATE ROLE lecture LOGIN PASSWORD 'a-password-for-tests';
GRANT USAGE ON SCHEMA events TO lecture;
GRANT SELECT ON events.access_events, events.auth_events, mdl_logstore_standard_log TO lecture;`)
	if err != nil {
		t.Fatal(err)
	}
	r := source.Remote{Kind: "postgres", Host: host, User: "lecture", Database: "postgres",
		PasswordFile: place(t, "secret"), CAFile: place(t, "ca.pem"), Tables: []string{"events.*_events"},
		Timezone: "Europe/Paris", Since: toml.LocalDate{Year: 2025, Month: 9, Day: 8},
		Until: toml.LocalDate{Year: 2025, Month: 9, Day: 10}}
	inbox := t.TempDir()
	out, err := Pull(t.Context(), inbox, r, Options{})
	expect(t, out, err, 3, 3, 0) // three windows hold nothing
	again, err := Pull(t.Context(), inbox, r, Options{})
	expect(t, again, err, 0, 6, 0)

	got := files(t, inbox)
	text := ""
	for _, f := range got {
		text += f
	}
	for _, never := range []string{"192.0.2", "secret-agent", "platform_id"} {
		if strings.Contains(text, never) {
			t.Errorf("%q left the platform", never)
		}
	}
	services, err := catalog.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	clock, err := ingest.NewClock("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	format := entcore.New(entcore.Options{Clock: clock, Modules: services.Names(catalog.EntcoreModules),
		Events: services.Names(catalog.EntcoreEvents), Profiles: services.Names(catalog.EntcoreProfiles)})
	found, err := ingest.Account(t.Context(), strings.NewReader(text), format, 1, nil)
	if err != nil || found.Events != 8641 || found.Read != 8641 ||
		found.FirstMs != time.Date(2025, 9, 7, 22, 0, 0, 0, time.UTC).UnixMilli() {
		t.Errorf("%+v %v", found, err)
	}
	if day := got["access_events-20250908T220000Z.ndjson"]; strings.Count(day, "\n") != 4320 {
		t.Errorf("the second day has %d rows", strings.Count(day, "\n"))
	}

	m := r
	m.Tables = []string{"public.mdl_logstore_standard_log"}
	inbox = t.TempDir()
	out, err = Pull(t.Context(), inbox, m, Options{})
	expect(t, out, err, 1, 2, 0)
	rows := files(t, inbox)["mdl_logstore_standard_log-20250907T220000Z.ndjson"]
	found, err = ingest.Account(t.Context(), strings.NewReader(rows), moodle.New(moodle.Options{Clock: clock,
		Events: services.Names(catalog.MoodleEvents), Components: services.Names(catalog.MoodleParts)}), 1, nil)
	if err != nil || found.Events != 1 || strings.Contains(rows, "username") || strings.Contains(rows, "192.0.2") {
		t.Errorf("%+v %v: %d bytes", found, err, len(rows))
	}

	for name, change := range map[string]func(*source.Remote){
		"no such user":  func(r *source.Remote) { r.User = "nobody" },
		"no such table": func(r *source.Remote) { r.Tables = []string{"events.none"} },
		"certificate":   func(r *source.Remote) { r.CAFile = "" },
		"no permission": func(r *source.Remote) { r.Tables = []string{"pg_catalog.pg_authid"} },
	} {
		bad := r
		change(&bad)
		if _, err := Pull(t.Context(), t.TempDir(), bad, Options{}); !errors.Is(err, source.ErrDenied) &&
			name != "no permission" || err == nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
