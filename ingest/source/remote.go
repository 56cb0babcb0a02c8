package source

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"

	"github.com/entscope/entscope/anonymize/edition/vocabulary"
)

// Kinds are the kinds of server that deliveries come from.
var Kinds = []string{"https", "sftp", "s3", "postgres", "entcore", "lrs"}

// Remote says where a source's deliveries come from: [source.pull] of study.toml.
// It names secrets by their files only; ReadSecret reads them.
type Remote struct {
	// the kind of server
	Kind string `toml:"kind" need:"yes" words:"@kinds"`
	// https: a file, or a folder whose index the server gives when it ends in "/"; s3: the endpoint; entcore: the
	// platform's address; lrs: the endpoint, such as "https://lrs.example/data/xAPI/"
	URL string `toml:"url" example:"https://logs.ent.example/cas/"`
	// sftp, postgres: host or host:port
	Host string `toml:"host" example:"logs.ent.example:22"`
	// sftp: the folder on the server; folders in it are read too
	Path string `toml:"path"`
	// s3: the bucket
	Bucket string `toml:"bucket"`
	// s3: beginning of the names of objects
	Prefix string `toml:"prefix"`
	// s3: the region
	Region string `toml:"region"`
	// a pattern of base names; every file if unset
	Match string `toml:"match" example:"*.log.gz"`
	// the account; for s3 the id of the access key
	User string `toml:"user"`
	// postgres: the database
	Database string `toml:"database"`
	// postgres: tables, or patterns with *, with their schema
	Tables []string `toml:"tables" example:"events.*_events"`
	// file of the password, the s3 secret key, or with key_file of sftp the passphrase of the key
	PasswordFile string `toml:"password_file"`
	// file of a bearer token
	TokenFile string `toml:"token_file"`
	// file of a private key: of sftp, or of cert_file
	KeyFile string `toml:"key_file"`
	// client certificate, for https, entcore, lrs and postgres
	CertFile string `toml:"cert_file"`
	// takes the place of the system's authorities
	CAFile string `toml:"ca_file"`
	// pins the keys of the sftp server (format of OpenSSH)
	KnownHosts string `toml:"known_hosts"`
	// allows a connection without TLS, to a server on this machine only
	Plain bool `toml:"plain" default:"false"`
	// postgres, entcore, lrs: first day of the windows; the study's start if unset
	Since toml.LocalDate `toml:"since"`
	// postgres, entcore, lrs: last day of the windows, included; the study's end if unset
	Until toml.LocalDate `toml:"until"`
	// length of one window, and so of one delivery
	Window Duration `toml:"window" default:"24h"`
	// where the days of the windows begin; the study's if unset
	Timezone string `toml:"timezone"`
	// how long a file must not have changed, or a window must be over, before it is taken; unset: a minute for https
	// and sftp, an hour for windows
	Settle *Duration `toml:"settle"`
	// most MiB of one file
	MaxFileMB int64 `toml:"max_file_mb" default:"65536"`
}

// Duration is a length of time, written as in Go: "24h", "90s".
type Duration time.Duration

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *Duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	if err != nil {
		return fmt.Errorf("%q is not a length of time, such as 24h", text)
	}
	*d = Duration(v)
	return nil
}

// Windowed reports whether the deliveries are windows of time.
func (r Remote) Windowed() bool {
	return r.Kind == "postgres" || r.Kind == "entcore" || r.Kind == "lrs"
}

// Within returns r with the paths of its files relative to dir, and with the
// study's days and time zone where it states none of its own.
func (r Remote) Within(dir string, start, end toml.LocalDate, zone string) Remote {
	for _, p := range []*string{&r.PasswordFile, &r.TokenFile, &r.KeyFile, &r.CertFile, &r.CAFile, &r.KnownHosts} {
		if *p != "" && !filepath.IsAbs(*p) {
			*p = filepath.Join(dir, *p)
		}
	}
	if r.Since == (toml.LocalDate{}) {
		r.Since = start
	}
	if r.Until == (toml.LocalDate{}) {
		r.Until = end
	}
	if r.Timezone == "" {
		r.Timezone = zone
	}
	return r
}

// SettleTime is Settle or the kind's own.
func (r Remote) SettleTime() time.Duration {
	switch {
	case r.Settle != nil:
		return time.Duration(*r.Settle)
	case r.Windowed():
		return time.Hour
	case r.Kind == "s3": // an object appears whole
		return 0
	}
	return time.Minute
}

// MaxFile is the largest file that is taken, in bytes.
func (r Remote) MaxFile() int64 {
	if r.MaxFileMB > 0 {
		return r.MaxFileMB << 20
	}
	return 64 << 30
}

// ID names the server and the place on it, without a secret.
func (r Remote) ID() string {
	switch r.Kind {
	case "sftp":
		return "sftp://" + r.Host + "/" + path.Clean("/" + r.Path)[1:]
	case "s3":
		return "s3:" + r.URL + "/" + r.Bucket + "/" + r.Prefix
	case "postgres":
		return "postgres://" + r.Host + "/" + r.Database
	}
	if u, err := url.Parse(r.URL); err == nil { // a query may hold a token
		u.RawQuery, u.Fragment, u.User = "", "", nil
		return r.Kind + ":" + u.String()
	}
	return r.Kind
}

var table = regexp.MustCompile(`^[a-z_][a-z0-9_]{0,62}\.[a-z0-9_*]{1,63}$`)

// needs says which settings a kind needs and which others it may have.
var needs = map[string]struct{ must, may []string }{
	"https": {[]string{"url"},
		[]string{"match", "user", "password_file", "token_file", "key_file", "cert_file", "ca_file", "plain"}},
	"sftp": {[]string{"host", "user", "known_hosts"}, []string{"path", "match", "password_file", "key_file"}},
	"s3": {[]string{"url", "bucket", "user", "password_file"},
		[]string{"prefix", "region", "match", "ca_file", "plain"}},
	"postgres": {[]string{"host", "user", "database", "tables"},
		[]string{"password_file", "key_file", "cert_file", "ca_file", "plain", "since", "until", "window", "timezone"}},
	"entcore": {[]string{"url"}, []string{"user", "password_file", "token_file", "key_file", "cert_file", "ca_file",
		"plain", "since", "until", "window", "timezone"}},
	"lrs": {[]string{"url"}, []string{"user", "password_file", "token_file", "key_file", "cert_file", "ca_file",
		"plain", "since", "until", "window", "timezone"}},
}

// Check reports every fault of the settings at once. It reads no file.
func (r Remote) Check() error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	kind, ok := needs[r.Kind]
	if !ok {
		return fmt.Errorf("kind: %w", vocabulary.Unknown(r.Kind, Kinds))
	}
	for _, s := range []struct {
		key string
		set bool
	}{
		{"url", r.URL != ""}, {"host", r.Host != ""}, {"path", r.Path != ""}, {"bucket", r.Bucket != ""},
		{"prefix", r.Prefix != ""}, {"region", r.Region != ""}, {"match", r.Match != ""}, {"user", r.User != ""},
		{"database", r.Database != ""}, {"tables", len(r.Tables) > 0}, {"password_file", r.PasswordFile != ""},
		{"token_file", r.TokenFile != ""}, {"key_file", r.KeyFile != ""}, {"cert_file", r.CertFile != ""},
		{"ca_file", r.CAFile != ""}, {"known_hosts", r.KnownHosts != ""}, {"plain", r.Plain}, {"window", r.Window != 0},
	} {
		switch must := slices.Contains(kind.must, s.key); {
		case must && !s.set:
			fault("%s is not set; kind %s needs it", s.key, r.Kind)
		case s.set && !must && !slices.Contains(kind.may, s.key):
			fault("%s does not belong to kind %s", s.key, r.Kind)
		}
	}
	if r.URL != "" {
		r.checkURL(fault)
	}
	if r.Kind == "sftp" && r.KeyFile == "" && r.PasswordFile == "" {
		fault("key_file or password_file is not set; kind sftp needs one")
	}
	if r.Kind != "sftp" && (r.KeyFile == "") != (r.CertFile == "") {
		fault("cert_file and key_file belong together")
	}
	if r.TokenFile != "" && r.User != "" {
		fault("token_file and user: a server is told one of them")
	}
	if slices.Contains([]string{"https", "entcore", "lrs"}, r.Kind) && (r.User != "") != (r.PasswordFile != "") {
		fault("user and password_file belong together")
	}
	if r.Kind == "postgres" && r.Plain && !loopback(r.Host) {
		fault("plain: %q is not this machine", r.Host)
	}
	if _, err := path.Match(r.Match, ""); err != nil {
		fault("match: %q is not a pattern", r.Match)
	}
	for _, t := range r.Tables {
		if !table.MatchString(t) {
			fault("tables: %q is not schema.table, in small letters", t)
		}
	}
	if r.Windowed() {
		if _, err := r.Windows(); err != nil {
			faults = append(faults, err)
		}
	}
	if r.Settle != nil && *r.Settle < 0 {
		fault("settle is negative")
	}
	if r.MaxFileMB < 0 || r.MaxFileMB > 1<<30 {
		fault("max_file_mb: %d is not a size", r.MaxFileMB)
	}
	return errors.Join(faults...)
}

func (r Remote) checkURL(fault func(string, ...any)) {
	u, err := url.Parse(r.URL)
	switch {
	case err != nil || u.Host == "":
		fault("url is not an address") // not quoted: it may hold a secret
	case u.User != nil || u.RawQuery != "":
		fault("url: a password or a token belongs into a file, not into the address")
	case u.Scheme == "http" && r.Plain && !loopback(u.Host):
		fault("plain: %q is not this machine", u.Host)
	case u.Scheme != "https" && !(u.Scheme == "http" && r.Plain):
		fault("url: %q is not https", u.Scheme)
	case r.Kind != "https" && r.Kind != "lrs" && strings.Trim(u.Path, "/") != "":
		fault("url: kind %s takes an address without a path", r.Kind)
	}
}

// loopback reports whether host, with or without port, is this machine. The
// folder of a unix socket is.
func loopback(host string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return host == "localhost" || strings.HasPrefix(host, "/") || ip != nil && ip.IsLoopback()
}

// Window is a span of time, From included and To not.
type Window struct{ From, To time.Time }

// Name is the window's begin, in UTC, as part of a file's name.
func (w Window) Name() string { return w.From.UTC().Format("20060102T150405Z") }

// Windows cuts the days from Since to Until into windows, by the wall clock of
// Timezone: a day has 23 or 25 hours when the clocks change.
func (r Remote) Windows() ([]Window, error) {
	zone, err := time.LoadLocation(r.Timezone)
	if err != nil || r.Timezone == "" {
		return nil, fmt.Errorf("timezone: %q is not a time zone, such as Europe/Paris", r.Timezone)
	}
	step := time.Duration(r.Window)
	if step == 0 {
		step = 24 * time.Hour
	}
	if step < time.Minute || step%time.Second != 0 {
		return nil, fmt.Errorf("window: %v is not at least a minute, in whole seconds", step)
	}
	if r.Since == (toml.LocalDate{}) || r.Until == (toml.LocalDate{}) ||
		r.Until.AsTime(time.UTC).Before(r.Since.AsTime(time.UTC)) {
		return nil, errors.New("since, until: the days are not set, or none is between them")
	}
	y, m, d := r.Since.Year, time.Month(r.Since.Month), r.Since.Day
	end := time.Date(r.Until.Year, time.Month(r.Until.Month), r.Until.Day+1, 0, 0, 0, 0, zone)
	var windows []Window
	for from, k := time.Date(y, m, d, 0, 0, 0, 0, zone), 1; from.Before(end); k++ {
		to := time.Date(y, m, d, 0, 0, k*int(step/time.Second), 0, zone)
		if to.After(end) {
			to = end
		}
		if !to.After(from) { // the hour that does not exist in March
			continue
		}
		if len(windows) == maxWindows {
			return nil, fmt.Errorf("window: more than %d of them", maxWindows)
		}
		windows = append(windows, Window{from, to})
		from = to
	}
	return windows, nil
}

const maxWindows = 100_000
