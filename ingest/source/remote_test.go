package source

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pelletier/go-toml/v2"
)

const pullToml = `kind = "postgres"
host = "db.ent.test:5433"
user = "lecture"
database = "ent"
tables = ["events.*_events"]
password_file = "db.secret"
since = 2025-10-25
until = 2025-10-27
timezone = "Europe/Paris"
window = "12h"
settle = "30m"
`

func TestRemote(t *testing.T) {
	var r Remote
	d := toml.NewDecoder(strings.NewReader(pullToml)).DisallowUnknownFields()
	if err := d.Decode(&r); err != nil {
		t.Fatal(err)
	}
	if err := r.Check(); err != nil {
		t.Fatal(err)
	}
	if r.SettleTime() != 30*time.Minute || time.Duration(r.Window) != 12*time.Hour {
		t.Errorf("%+v", r)
	}
	r = r.Within("/study", toml.LocalDate{}, toml.LocalDate{}, "UTC")
	if r.PasswordFile != "/study/db.secret" || r.Timezone != "Europe/Paris" || r.KnownHosts != "" {
		t.Errorf("%+v", r)
	}
}

func TestWindows(t *testing.T) {
	r := Remote{Kind: "entcore", URL: "https://ent.test", Timezone: "Europe/Paris",
		Since: toml.LocalDate{Year: 2025, Month: 10, Day: 25}, Until: toml.LocalDate{Year: 2025, Month: 10, Day: 27}}
	windows, err := r.Windows()
	if err != nil || len(windows) != 3 || windows[1].To.Sub(windows[1].From) != 25*time.Hour ||
		windows[0].Name() != "20251024T220000Z" {
		t.Fatalf("%v %v", windows, err)
	}
	// However they are cut, the windows follow each other without a gap, also in March.
	for _, step := range []time.Duration{15 * time.Minute, time.Hour, 7 * time.Hour, 30 * time.Hour, 240 * time.Hour} {
		for _, month := range []int{3, 10} {
			r.Window, r.Since, r.Until = Duration(step), toml.LocalDate{Year: 2025, Month: month,
				Day: 24}, toml.LocalDate{Year: 2025, Month: month, Day: 31}
			windows, err := r.Windows()
			if err != nil {
				t.Fatal(err)
			}
			zone, _ := time.LoadLocation("Europe/Paris")
			at := time.Date(2025, time.Month(month), 24, 0, 0, 0, 0, zone)
			for _, w := range windows {
				if !w.From.Equal(at) || !w.To.After(w.From) {
					t.Fatalf("step %v: %v follows %v", step, w, at)
				}
				at = w.To
			}
			if !at.Equal(time.Date(2025, time.Month(month)+1, 1, 0, 0, 0, 0, zone)) {
				t.Errorf("step %v: ends at %v", step, at)
			}
		}
	}
}

func TestRemoteRefuses(t *testing.T) {
	https := Remote{Kind: "https", URL: "https://ent.test/logs/"}
	sftp := Remote{Kind: "sftp", Host: "ent.test", User: "u", KnownHosts: "k", KeyFile: "id"}
	s3 := Remote{Kind: "s3", URL: "https://s3.ent.test", Bucket: "b", User: "id", PasswordFile: "s"}
	day := toml.LocalDate{Year: 2025, Month: 9, Day: 8}
	pg := Remote{Kind: "postgres", Host: "db", User: "u", Database: "d",
		Tables: []string{"public.mdl_logstore_standard_log"}, Since: day, Until: day, Timezone: "UTC"}
	export := Remote{Kind: "entcore", URL: "https://ent.test", Since: day, Until: day, Timezone: "UTC"}
	negative := Duration(-1)
	for name, tt := range map[string]struct {
		base   Remote
		change func(*Remote)
		want   string
	}{
		"kind":       {https, func(r *Remote) { r.Kind = "ftp" }, "not one of"},
		"no address": {https, func(r *Remote) { r.URL = "" }, "url is not set"},
		"http":       {https, func(r *Remote) { r.URL = "http://ent.test/" }, "not https"},
		"http elsewhere": {https, func(r *Remote) {
			r.URL, r.Plain = "http://ent.test/", true
		}, "not this machine"},
		"file":           {https, func(r *Remote) { r.URL = "file:///etc/passwd" }, "not an address"},
		"password in it": {https, func(r *Remote) { r.URL = "https://u:p@ent.test/" }, "into a file"},
		"token in it":    {https, func(r *Remote) { r.URL = "https://ent.test/?token=x" }, "into a file"},
		"user alone":     {https, func(r *Remote) { r.User = "u" }, "belong together"},
		"user and token": {https, func(r *Remote) {
			r.User, r.PasswordFile, r.TokenFile = "u", "p", "t"
		}, "one of them"},
		"key alone":          {https, func(r *Remote) { r.KeyFile = "k" }, "belong together"},
		"pattern":            {https, func(r *Remote) { r.Match = "[" }, "not a pattern"},
		"of another kind":    {https, func(r *Remote) { r.Bucket = "b" }, "does not belong"},
		"settle":             {https, func(r *Remote) { r.Settle = &negative }, "negative"},
		"size":               {https, func(r *Remote) { r.MaxFileMB = -1 }, "not a size"},
		"host key not known": {sftp, func(r *Remote) { r.KnownHosts = "" }, "known_hosts is not set"},
		"no key":             {sftp, func(r *Remote) { r.KeyFile = "" }, "needs one"},
		"no bucket":          {s3, func(r *Remote) { r.Bucket = "" }, "bucket is not set"},
		"path":               {s3, func(r *Remote) { r.URL += "/b" }, "without a path"},
		"plain database":     {pg, func(r *Remote) { r.Plain = true }, "not this machine"},
		"no tables":          {pg, func(r *Remote) { r.Tables = nil }, "tables is not set"},
		"table": {pg, func(r *Remote) {
			r.Tables = []string{`public.x; DROP TABLE y`}
		}, "not schema.table"},
		"no days":     {export, func(r *Remote) { r.Since = toml.LocalDate{} }, "since"},
		"days turned": {export, func(r *Remote) { r.Until.Day = 1 }, "since"},
		"window":      {export, func(r *Remote) { r.Window = Duration(time.Second) }, "at least a minute"},
		"zone":        {export, func(r *Remote) { r.Timezone = "" }, "time zone"},
	} {
		if err := tt.base.Check(); err != nil {
			t.Fatalf("%s: the base: %v", name, err)
		}
		r := tt.base
		tt.change(&r)
		if err := r.Check(); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestReadSecret(t *testing.T) {
	for name, tt := range map[string]struct {
		text string
		mode os.FileMode
		want string
		ok   bool
	}{
		"a line":          {"s3cret\n", 0o600, "s3cret", true},
		"read only":       {"s3cret", 0o400, "s3cret", true},
		"open to a group": {"s3cret", 0o640, "", false},
		"open to all":     {"s3cret", 0o604, "", false},
		"empty":           {"\n", 0o600, "", false},
		"two lines":       {"a\nb", 0o600, "", false},
		"long":            {strings.Repeat("x", 1<<17), 0o600, "", false},
	} {
		path := filepath.Join(t.TempDir(), "secret")
		if err := os.WriteFile(path, []byte(tt.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, tt.mode); err != nil {
			t.Fatal(err)
		}
		s, err := ReadSecret(path)
		if (err == nil) != tt.ok || s.Reveal() != tt.want ||
			!tt.ok && (!errors.Is(err, ErrSecret) || strings.Contains(err.Error(), "s3cret")) {
			t.Errorf("%s: %v", name, err)
		}
		if text := fmt.Sprintf("%v %+v %#v %s", s, s, s, s); strings.Contains(text, "s3cret") {
			t.Errorf("%s: printed %s", name, text)
		}
	}
	if s, err := ReadSecret(""); err != nil || s.Reveal() != "" {
		t.Errorf("no secret: %v", err)
	}
}
