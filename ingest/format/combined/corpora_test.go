package combined

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/entscope/entscope/ingest/formattest"
)

// corpora are the layouts of Matomo's log-analytics corpus and of GoAccess's list, and
// what becomes of each: the section of FORMATS.md is written from them.
var corpora = []struct {
	sample, matomo, goaccess string
	layout                   string // "": the Combined Log Format, with what it tells apart
	events                   int64  // of u1001; 0 is a layout that is refused
	refused                  string // why, or which lines are
}{
	{"common", "common", "COMMON", "", 1, ""},
	{"combined", "ncsa_extended", "COMBINED", "", 1, ""},
	{"vhost_common", "common_vhost", "VCOMMON", "", 1, ""},
	{"vhost_combined", "common_complete", "VCOMBINED", "", 1, ""},
	{"big5", "common_encoding_big5", "", "", 1, ""},
	{"virtualmin", "", "Virtualmin", "virtualmin", 1, ""},
	{"ovh", "ovh", "", "ovh", 1, ""},
	{"gandi", "gandi", "", "gandi", 1, ""},
	{"icecast", "icecast2", "", "", 1, ""},
	{"icecast", "icecast2", "", "icecast", 1, ""},
	{"traefik", "traefik", "TRAEFIKCLF", "traefik", 1, ""},
	{"traefik_json", "traefik_json", "", "traefik_json", 1, ""},
	{"caddy", "caddy_json", "CADDY", "caddy", 1, ""},
	{"ingress", "", "Kubernetes ingress", "ingress", 1, ""},
	{"ingress_real_ip", "", "Kubernetes ingress", "ingress_real_ip", 1, ""},
	{"haproxy", "haproxy", "", "syslog haproxy", 1, ""},
	{"haproxy_plain", "haproxy", "", "syslog haproxy", 0, "no account is captured"},
	{"iis", "iis", "W3C", "w3c", 1, ""},
	{"iis_advanced", "iis_custom", "W3C", "w3c", 1, "a line with garbage in a count"},
	{"nginx_json_user", "", "",
		`{"user":"$remote_user","path":"$request_uri","status":"$status","user_agent":"$http_user_agent",` +
			`"date":"$time_iso8601"}`, 1, ""},
	{"elastic", "", "", "elastic combined", 1, ""},
	{"ecs", "", "", "ecs", 1, ""},
	{"docker", "", "", "docker combined", 1, ""},
	{"custom_date", "custom_regex_custom_date", "", `%h %l %u [%{%B - %d, %Y:%H:%M:%S}t] "%r" %>s %b`, 1, ""},
	{"nginx_json", "nginx_json", "",
		`{"path":"$request_uri","status":"$status","date":"$time_iso8601"}`, 0, "names no account"},
	{"split_date", "splitted_date_and_time", "", "w3c", 0, "names no account"},
	{"shoutcast", "shoutcast", "", "w3c", 0, "names no account"},
	{"cloudfront", "amazon_cloudfront_web", "CLOUDFRONT", "w3c", 0, "names no account"},
	{"incapsula", "incapsula", "", "w3c", 0, "names no account"},
	{"alb", "alb", "AWSALB", "", 0, "names no account"},
	{"elb", "elb", "AWSELB", "", 0, "names no account"},
	{"s3", "s3", "AWSS3", "", 0, "its requester is no account of a portal"},
	{"bunny", "bunny", "", "", 0, "names no account"},
	{"cloudstorage", "", "CLOUDSTORAGE", "", 0, "names no account"},
	{"squid", "", "SQUID", "", 0, "a proxy's account is none of a portal"},
	{"squid_syslog", "", "SQUID", "", 0, "names no account"},
}

func samples(t testing.TB) map[string]string {
	archive, err := txtar.ParseFile(filepath.Join("testdata", "corpora.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	logs := map[string]string{}
	for _, f := range archive.Files {
		logs[f.Name] = string(f.Data)
	}
	return logs
}

// withLayout is the format with a layout; nil where there is none of that text.
func withLayout(t testing.TB, text string) (*Format, error) {
	f := format(t)
	if text == "" {
		return f, nil
	}
	var err error
	f.options.Layout, err = ParseLayout(text)
	return f, err
}

// TestCorpora: every layout that others read is read right, or refused.
func TestCorpora(t *testing.T) {
	logs := samples(t)
	seen := map[string]bool{}
	for _, c := range corpora {
		name := strings.TrimSpace(c.sample + " " + c.layout)
		log, ok := logs[c.sample]
		if !ok {
			t.Errorf("%s: no sample", name)
			continue
		}
		seen[c.sample] = true
		f, err := withLayout(t, c.layout)
		if c.events == 0 && err != nil {
			continue // refused when the study is read
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		r := formattest.Decode(t, f, []byte(log))
		formattest.Check(t, r)
		if r.Counts.Events != c.events {
			t.Errorf("%s: %d events, want %d; %+v", name, r.Counts.Events, c.events, r.Counts)
		}
		if c.events == 0 && r.Counts.Rejected() == 0 {
			t.Errorf("%s: refused without a reject", name)
		}
		if c.events > 0 && (r.Counts.Rejected() > 0) != (c.refused != "") {
			t.Errorf("%s: rejects %v", name, r.Counts.Rejects)
		}
		for _, e := range r.Events {
			if e.TsMs/1000 != 1762789327 {
				t.Errorf("%s: read at %d", name, e.TsMs)
			}
		}
	}
	for name := range logs {
		if !seen[name] {
			t.Errorf("%s: nothing is said of this sample", name)
		}
	}
}

// TestNoLayoutMisreadsAnother: a log in one layout, read with any other, gives the
// account that it holds, or none.
func TestNoLayoutMisreadsAnother(t *testing.T) {
	layouts := append(LayoutNames(), "")
	for _, s := range shippers {
		layouts = append(layouts, s.name+" combined")
	}
	for _, layout := range layouts {
		f, err := withLayout(t, layout)
		if err != nil {
			t.Fatalf("%s: %v", layout, err)
		}
		for name, log := range samples(t) {
			r := formattest.Decode(t, f, []byte(log))
			formattest.Check(t, r)
			for _, e := range r.Events {
				if string(e.Account) != "u1001" {
					t.Errorf("%s read as %q: account %q", name, layout, e.Account)
				}
			}
		}
	}
}

// TestCorporaTable: the table of FORMATS.md is that of the corpora.
func TestCorporaTable(t *testing.T) {
	var b strings.Builder
	b.WriteString("| layout | Matomo's sample | GoAccess's name | `layout` | read |\n|---|---|---|---|---|\n")
	for _, c := range corpora {
		layout, read := "`"+c.layout+"`", "yes"
		if c.layout == "" {
			layout = "none needed"
		}
		switch {
		case c.events == 0:
			layout, read = "", "refused: "+c.refused
		case c.refused != "":
			read = "yes; refused: " + c.refused
		}
		layout = strings.ReplaceAll(layout, "|", `\|`)
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", c.sample, c.matomo, c.goaccess, layout, read)
	}
	section(t, "corpora", b.String())
}

// TestLayoutTable: the names of layouts and shippers in FORMATS.md are those there are.
func TestLayoutTable(t *testing.T) {
	var b strings.Builder
	layouts, carriers := NamedLayouts()
	b.WriteString("| `layout` | what writes it |\n|---|---|\n")
	for _, l := range layouts {
		fmt.Fprintf(&b, "| `%s` | %s |\n", l.Name, l.Writer)
	}
	b.WriteString("\n| shipper | what writes it |\n|---|---|\n")
	for _, l := range carriers {
		fmt.Fprintf(&b, "| `%s` | %s |\n", l.Name, l.Writer)
	}
	section(t, "layouts", b.String())
}

// section compares a part of FORMATS.md, and writes it when asked to.
func section(t *testing.T, name, want string) {
	t.Helper()
	path := filepath.Join("..", "FORMATS.md")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	from := "<!-- " + name + " -->\n"
	head, rest, ok := strings.Cut(string(text), from)
	_, tail, closed := strings.Cut(rest, "<!-- end -->")
	if !ok || !closed {
		t.Fatalf("%s: no place for the table of %s", path, name)
	}
	whole := head + from + want + "<!-- end -->" + tail
	if whole == string(text) {
		return
	}
	if !*update {
		t.Fatalf("the table of %s in %s is not that of the code; go generate ./ingest/format/combined writes it",
			name, path)
	}
	if err := os.WriteFile(path, []byte(whole), 0o644); err != nil {
		t.Fatal(err)
	}
}
