package combined

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/formattest"
)

// TestLayouts reads one line in a layout: its account, nobody ("-"), or why it is a reject.
// [T] stands for the time.
func TestLayouts(t *testing.T) {
	const (
		nginx = `$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_user_agent"`
		json  = `{"t":"$msec","u":"$remote_user?","r":{"uri":"$request_uri"},"status":$status}`
		vhost = `%v:%p %h %l %u %t "%r" %>s %O`
	)
	for _, c := range []struct{ layout, line, want string }{
		{nginx, `192.0.2.3 - u1 [T] "GET / HTTP/1.1" 200 12 "Mozilla"`, "u1"},
		{nginx, `192.0.2.3 - - [T] "GET / HTTP/1.1" 200 12 "Mozilla"`, "-"},
		{nginx, `192.0.2.3 - u1 [T] "GET / HTTP/1.1" 200 12 "Mozilla`, string(ingest.ReasonTruncated)},
		{nginx, `192.0.2.3 - u1 [T] "GET / HTTP/1.1" 200 12 "Mozilla" 3`, string(ingest.ReasonFields)},
		{nginx, `192.0.2.3 - u1 [T] "GET / HTTP/1.1" 200 u2 "Mozilla"`, string(ingest.ReasonType)},
		{nginx,
			`192.0.2.3 - u1 [10/Nov/2025 16:42:07 +0100] "GET / HTTP/1.1" 200 12 "Mozilla"`,
			string(ingest.ReasonTimestamp)},
		{nginx,
			`192.0.2.3 - u1 [30/Feb/2025:16:42:07 +0100] "GET / HTTP/1.1" 200 12 "Mozilla"`,
			string(ingest.ReasonTimestamp)},
		{nginx,
			`192.0.2.3 - u1 [10/Nov/1975:16:42:07 +0100] "GET / HTTP/1.1" 200 12 "Mozilla"`,
			string(ingest.ReasonTimeRange)},
		{nginx, `192.0.2.3 - u1 x [T] "GET / HTTP/1.1" 200 12 "Mozilla"`, string(ingest.ReasonType)},
		{nginx, `192.0.2.3 - u1 [T] "\x16\x03" 400 12 "Mozilla"`, string(ingest.RuleFailed)},
		{nginx, `192.0.2.3 - u1 [T] "\x16\x03" 200 12 "Mozilla"`, string(ingest.ReasonType)},
		{json, `{"t":1762789327.123,"u":"u1","r":{"uri":"/a?b"},"status":200}`, "u1"},
		{json, `{"t":"1762789327.123","u":"jean dupont","r":{"uri":"/a?b"},"status":"200","more":[1]}`, "jean dupont"},
		{json, `{"t":1762789327,"r":{"uri":"/a?b"},"status":200}`, "-"},
		{json, `{"t":1762789327,"u":null,"r":{"uri":"/a?b"},"status":200}`, "-"},
		{json, `{"t":1762789327,"u":"","r":{"uri":"/a?b"},"status":200}`, "-"},
		{json, `{"t":1762789327,"u":["u1"],"r":{"uri":"/a?b"},"status":200}`, string(ingest.ReasonType)},
		{json, `{"t":1762789327,"u":"/a","r":{"uri":"u1"},"status":200}`, string(ingest.ReasonType)},
		{json, `{"t":1762789327,"u":"u1","r":{},"status":200}`, string(ingest.ReasonMissingField)},
		{json, `{"t":1762789327,"u":"u1","r":"/a","status":200}`, string(ingest.ReasonType)},
		{json, `{"t":1762789327,"u":"u1","r":{"uri":"/a"},"status":`, string(ingest.ReasonTruncated)},
		{vhost, `ent.fr:443 192.0.2.3 - u1 [T] "GET / HTTP/1.1" 200 12`, "u1"},
		{vhost, `ent 192.0.2.3 - u1 [T] "GET / HTTP/1.1" 200 12`, string(ingest.ReasonType)},
		{`ent %h %l %u %t "%r" %>s %b`, `ent 192.0.2.3 - u1 [T] "GET / HTTP/1.1" 200 12`, "u1"},
		{`%h %l %{words}u %t "%r" %>s %b`, `192.0.2.3 - jean dupont [T] "GET / HTTP/1.1" 200 12`, "jean dupont"},
		{`%h %l %{words}u %t "%r" %>s %b`,
			`192.0.2.3 - - jean dupont [T] "GET / HTTP/1.1" 200 12`, string(ingest.ReasonType)},
		{`%h %l %{words}u %t "%r" %>s %b`,
			`192.0.2.3 - CN=Jean Dupont,O=ent [T] "GET / HTTP/1.1" 200 12`, "CN=Jean Dupont,O=ent"},
		{`%h %l %u %{%Y-%m-%d %H:%M:%S}t %m %U%q %H %>s`,
			`192.0.2.3 - u1 2025-11-10 16:42:07 GET /a?b HTTP/1.1 200`, "u1"},
		{`%h %l %u %{%F %T%f}t "%r" %>s`, `192.0.2.3 - u1 2025-11-10 16:42:07,123 "GET /a HTTP/1.1" 200`, "u1"},
		{`%h\t%l\t%u\t%{sec}t\t%m\t%U\t%q\t%>s`,
			"192.0.2.3\t-\tjean dupont\t1762789327\tGET\t/a\t\t200", "jean dupont"},
		{`%h %l %u %t \"%r\" %>s %b`, `192.0.2.3 - u1 [T] "GET / HTTP/1.1" 200 12`, "u1"},
		{"syslog common", `Nov 10 16:42:07 web1 nginx: 192.0.2.3 - u1 [T] "GET / HTTP/1.1" 200 12`, "u1"},
		{"syslog common", `192.0.2.3 - u1 [T] "GET / HTTP/1.1" 200 12`, string(ingest.ReasonFields)},
		{"timestamps " + json,
			`2025-11-10T16:42:07.1Z stdout F {"t":1762789327,"u":"u1","r":{"uri":"/a"},"status":200}`, "u1"},
		{"cri common",
			`2025-11-10T16:42:07.1Z stdout F 192.0.2.3 - u1 [T] "GET / HTTP/1.1" 200 12`, "u1"},
		{"cri common",
			`2025-11-10T16:42:07.1Z stdout P 192.0.2.3 - u1 [T] "GET / HTTP/1.1" 200 12`, string(ingest.ReasonFields)},
		{"journald common", `{"MESSAGE":"192.0.2.3 - u1 [T] \"GET / HTTP/1.1\" 200 12"}`, "u1"},
		{"docker " + json, `{"log":"{\"t\":1762789327,\"u\":\"u1\",\"r\":{\"uri\":\"/a\"},\"status\":200}\n"}`, "u1"},
		{`{"message":"common"}`, `{"message":"192.0.2.3 - u1 [T] \"GET / HTTP/1.1\" 200 12"}`, "u1"},
		{"forwarded_common", `192.0.2.10, 198.51.100.4 - u1 [T] "GET / HTTP/1.1" 200 12`, "u1"},
		{`%{X-Forwarded-For}i %h %l %u %t "%r" %>s`,
			`192.0.2.10, 198.51.100.4 10.0.0.1 - u1 [T] "GET / HTTP/1.1" 200`, "u1"},
		{
			"forwarded_quoted", `"192.0.2.10,  198.51.100.4" 192.0.2.3 - u1 [T] ` +
				`"GET / HTTP/1.1" 200 12 "-" "-"`, string(ingest.ReasonType),
		},
		{"combined", valid, "p.dupont"},
	} {
		f, err := withLayout(t, c.layout)
		if err != nil {
			t.Errorf("%s: %v", c.layout, err)
			continue
		}
		line := strings.ReplaceAll(c.line, "[T]", "[10/Nov/2025:16:42:07 +0100]")
		r := formattest.Decode(t, f, []byte(line+"\n"))
		formattest.Check(t, r)
		if got := outcome(r); got != c.want {
			t.Errorf("%s\n%s\n%q, want %q", c.layout, c.line, got, c.want)
		}
	}
}

// outcome is what became of one record.
func outcome(r *formattest.Result) string {
	switch {
	case r.Counts.Read != 1:
		return "not one record"
	case len(r.Rejects) > 0:
		return string(r.Rejects[0].Reason)
	case len(r.Events) > 0:
		return string(r.Events[0].Account)
	case r.Ignored[0] == ingest.RuleAnonymous:
		return "-"
	}
	return string(r.Ignored[0])
}

// TestNoSuchLayout: what is wrong with a layout is said when the study is read.
func TestNoSuchLayout(t *testing.T) {
	for text, want := range map[string]string{
		"comon":                            `did you mean "common"?`,
		`%h %l %t "%r" %>s`:                "the account",
		`%h %l %u "%r" %>s`:                "the time",
		`%h %l %u %t %>s`:                  "what was asked for",
		`%h %l %u %t "%r"`:                 "the status",
		`%h%l %u %t "%r" %>s`:              "ends the last one",
		`%h %l %u %t %r %>s`:               "between double quotes",
		`%h %l %y %u %t "%r" %>s`:          "%y is no directive",
		`%h %l %u %{%d}t "%r" %>s`:         "not an instant",
		`%h %{a`:                           "without }",
		`{"a":1}`:                          "no key",
		`{"a":`:                            "JSON",
		`{"a":"$remote_user"}`:             "the time",
		"syslog w3c":                       "w3c",
		"syslog comon":                     "did you mean",
		`%h %l %{words}u %>s %t "%r"`:      "several words",
		`$remote_addr $ [$time_local]`:     "without a name",
		`{"m":"%h %l %u %t \"%r\" %>s%b"}`: "ends the last one",
	} {
		_, err := ParseLayout(text)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

// TestColumnsThatChange: a log whose columns change is not read by those of its head.
func TestColumnsThatChange(t *testing.T) {
	f, err := withLayout(t, "w3c")
	if err != nil {
		t.Fatal(err)
	}
	const row = "2025-11-10 15:42:07 GET /a u1 192.0.2.3 200\n"
	r := formattest.Decode(t, f, []byte("#Fields: date time cs-method cs-uri-stem cs-username c-ip sc-status\n"+row+
		"#Software: x\n#Fields:  date time cs-method cs-uri-stem cs-username c-ip sc-status\n"+row+
		"#Fields: date time cs-method cs-uri-stem c-ip cs-username sc-status\n"+
		"2025-11-10 15:42:07 GET /a 192.0.2.3 u1 200\n"))
	formattest.Check(t, r)
	if r.Counts.Events != 2 {
		t.Errorf("%d events, want 2", r.Counts.Events)
	}
	if r.Counts.Rejects[ingest.ReasonFields] != 1 || r.Counts.Rejects[ingest.ReasonType] != 1 {
		t.Errorf("rejects %v, want the heading and the row behind it", r.Counts.Rejects)
	}
}

// TestNoLayoutMakesAccounts inserts, drops and exchanges fields in a line of every layout:
// what is read of it is the account that the line holds, nobody, or a reject.
func TestNoLayoutMakesAccounts(t *testing.T) {
	foreign := []string{
		"-", "192.0.2.9", "ent.example.fr", "8080", "12:11:55", "A1B2C3", "/portail", `"x"`, "Nov", "nginx:", "", "[x]",
		"GET", "200", "0.01",
	}
	r := rand.New(rand.NewPCG(1, 2))
	for _, c := range corpora {
		// Behind the agent, the Combined Log Format takes anything.
		if c.events == 0 || c.sample == "icecast" && c.layout == "" {
			continue
		}
		f, err := withLayout(t, c.layout)
		if err != nil {
			t.Fatal(err)
		}
		log := samples(t)[c.sample]
		var head strings.Builder // the columns of w3c
		for line := range strings.Lines(log) {
			if !strings.Contains(line, "u1001") {
				head.WriteString(line)
				continue
			}
			log = strings.TrimSpace(line)
			break
		}
		var lines strings.Builder
		lines.WriteString(head.String())
		for range 4000 {
			lines.WriteString(mutated(r, log, foreign))
			lines.WriteByte('\n')
		}
		result := formattest.Decode(t, f, []byte(lines.String()))
		formattest.Check(t, result)
		if result.Counts.Events == 0 {
			t.Errorf("%s %s: nothing was read", c.sample, c.layout)
		}
		for _, e := range result.Events {
			if string(e.Account) != "u1001" {
				t.Fatalf("%s %s: account %q, which no line holds", c.sample, c.layout, e.Account)
			}
		}
	}
}

// mutated is a line with one field more, one less, or two exchanged. What stands between
// quotes is one field; in JSON, whose keys say what a value is, a field is a key and its value.
func mutated(r *rand.Rand, line string, foreign []string) string {
	sep := ' '
	if line[0] == '{' {
		sep = ','
	}
	quoted := false
	fields := strings.FieldsFunc(line, func(c rune) bool {
		if c == '"' {
			quoted = !quoted
		}
		return c == sep && !quoted
	})
	at := r.IntN(len(fields))
	switch r.IntN(3) {
	case 0:
		fields = append(fields[:at], append([]string{foreign[r.IntN(len(foreign))]}, fields[at:]...)...)
	case 1:
		fields = append(fields[:at], fields[at+1:]...)
	default:
		other := r.IntN(len(fields))
		fields[at], fields[other] = fields[other], fields[at]
	}
	return strings.Join(fields, string(sep))
}

func FuzzLayouts(f *testing.F) {
	for _, log := range samples(f) {
		f.Add([]byte(log), uint8(0))
	}
	var formats []*Format
	carried := []string{"syslog haproxy", "timestamps common", "compose combined", "docker combined"}
	for _, name := range append(LayoutNames(), carried...) {
		form, err := withLayout(f, name)
		if err != nil {
			f.Fatal(err)
		}
		formats = append(formats, form)
	}
	f.Fuzz(func(t *testing.T, data []byte, n uint8) {
		formattest.Fuzz(t, formats[int(n)%len(formats)], data)
	})
}

// FuzzParseLayout: no layout brings the reader down, nor does what it compiles to.
func FuzzParseLayout(f *testing.F) {
	for _, p := range presets {
		f.Add(p.Layout, valid)
	}
	form := format(f)
	f.Fuzz(func(t *testing.T, text, line string) {
		layout, err := ParseLayout(text)
		if err != nil {
			return
		}
		form := *form
		form.options.Layout = layout
		formattest.Fuzz(t, &form, []byte(line))
	})
}

// BenchmarkLayout reads the lines of BenchmarkDecode through a declared layout.
func BenchmarkLayout(b *testing.B) {
	f, err := withLayout(b, "combined")
	if err != nil {
		b.Fatal(err)
	}
	chunk := []byte(strings.Repeat(valid+"\n", 4000))
	d := f.Open(nil).NewDecoder()
	b.SetBytes(int64(len(chunk)))
	b.ReportAllocs()
	for b.Loop() {
		d.Decode(chunk, new(nothing))
	}
}
