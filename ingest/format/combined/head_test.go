package combined

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// TestWho reads the heads that servers and log shippers write: an account, nobody
// ("-"), or a reject ("").
func TestWho(t *testing.T) {
	for head, want := range map[string]string{
		"192.0.2.3 - u1":   "u1",
		"192.0.2.3 - -":    "-",
		"192.0.2.3 - 1001": "1001",
		"192.0.2.3 - CN=":  "", "192.0.2.3 - %": "", "192.0.2.3 - {": "", "192.0.2.3 - _u1": "_u1",
		`192.0.2.3 - ""`:                                   "-",
		`192.0.2.3 - "-"`:                                  "-",
		"192.0.2.x - u1":                                   "u1",
		"192.0.2.*** - u1":                                 "u1",
		"2001:db8::1 - u1":                                 "u1",
		"[2001:db8::1]:443 - u1":                           "u1",
		"fe80::1%eth0 - u1":                                "u1",
		"client.example.net - u1":                          "u1",
		"localhost - u1":                                   "u1",
		"- - u1":                                           "u1",
		"unknown - u1":                                     "u1",
		"192.0.2.3 ident u1":                               "",
		"192.0.2.3 u1 A1B2C3D4":                            "",
		"192.0.2.3 u1 -":                                   "",
		"192.0.2.3 - 0.004":                                "",
		"- 192.0.2.3 - u1":                                 "u1",
		"192.0.2.9 10.0.0.1 - u1":                          "u1",
		"192.0.2.9, 10.0.0.7 10.0.0.1 - u1":                "u1",
		"*.*.*.* - u1":                                     "u1",
		"192.0.2.0/24 - u1":                                "u1",
		"ent.exemple.fr ::1 - u1":                          "u1",
		"ent.exemple.fr:443 192.0.2.3 - u1":                "u1",
		"ent.exemple.fr:443 client.fr - u1":                "u1",
		"ent.exemple.fr client.example.fr - -":             "-",
		"192.0.2.10, 198.51.100.4 - u1":                    "u1",
		"192.0.2.10,198.51.100.4 - u1":                     "u1",
		"2001:db8::7, 198.51.100.4, 10.0.0.3 - u1":         "u1",
		"unknown, 198.51.100.4 - u1":                       "u1",
		"ent.exemple.fr 192.0.2.10, 198.51.100.4 - u1":     "u1",
		"Nov 10 12:11:55 10.10.1.13 nginx: 192.0.2.3 - u1": "u1",
		"Nov 10 12:11:55 10.10.1.13 nginx: 192.0.2.3 - -":  "-",
		"Nov  1 12:11:55 web1 httpd[123]: ent.fr:443 192.0.2.3 - u1":        "u1",
		"<134>Nov 10 12:11:55 web1 nginx: 192.0.2.3 - u1":                   "u1",
		"<134>1 2025-11-10T12:11:55Z web1 nginx 12 access - 192.0.2.3 - u1": "u1",
		"2025-11-10T12:11:55+01:00 web1 nginx: 192.0.2.3 - u1":              "u1",
		"2025-10-10T18:42:07.123456789Z stdout F 192.0.2.3 - u1":            "u1",
		"2025-10-10T18:42:07.123456789Z 192.0.2.3 - u1":                     "u1",
		"web_1  | 192.0.2.3 - u1":                                           "u1",
		"[pod/web-7c/nginx] 192.0.2.3 - u1":                                 "u1",
		"192.0.2.3 u1":                                                      "",
		"- u1":                                                              "",
		"192.0.2.3 -":                                                       "",
		"192.0.2.3 -  u1":                                                   "",
		"192.0.2.3 - - u1":                                                  "",
		"192.0.2.3 - u1 A1B2C3":                                             "",
		"192.0.2.3 - A1B2C3 u1":                                             "",
		"u1 - 192.0.2.3":                                                    "",
		"- 192.0.2.3 u1":                                                    "",
		"192.0.2.3 - http://ent.fr":                                         "",
		"192.0.2.3 - /portail":                                              "",
		"192.0.2.3 - 12:11:55":                                              "",
		"Nov 10 12:11:55 192.0.2.3 - u1":                                    "",
		"192.0.2.3, - u1":                                                   "",
		"Nov 10 12:11:55 web1 nginx: - u1":                                  "",
		"ent.exemple.fr 8080 192.0.2.3 - u1":                                "",
		`"192.0.2.10, 198.51.100.4" 192.0.2.3 - u1`:                         "u1",
		`"192.0.2.10" - u1`:                                                 "u1",
		`"-" 192.0.2.3 - u1`:                                                "u1",
		`"192.0.2.10,  198.51.100.4" 192.0.2.3 - u1`:                        "",
		`"" 192.0.2.3 - u1`:                                                 "",
		`"u1" 192.0.2.3 - -`:                                                "",
		`192.0.2.3 - "jean dupont"`:                                         "jean dupont",
		"192.0.2.3 - jean dupont":                                           "",
		"192.0.2.3 - CN=u1,OU=ent,C=FR":                                     "CN=u1,OU=ent,C=FR",
		"192.0.2.3 - /C=FR/O=ent/CN=u1":                                     "/C=FR/O=ent/CN=u1",
		"192.0.2.3 - ent:u1":                                                "ent:u1",
		"192.0.2.3 - ent.fr:443":                                            "",
		"192.0.2.3 - ent:443":                                               "",
		"192.0.2.3 - a=b":                                                   "",
		"192.0.2.3 - dTE=":                                                  "dTE=",
		"192.0.2.3 - 2025-11-10":                                            "",
		"u1 192.0.2.3 - ent.exemple.fr":                                     "",
		"Nov 10 12:11:55.123 web1 nginx: 192.0.2.3 - u1":                    "u1",
		"2025-11-10 12:11:55 192.0.2.3 - u1":                                "u1",
		"2025-11-10 12:11:55.123 web1 nginx[3]: 192.0.2.3 - u1":             "u1",
		"2025-11-10T12:11:55+0100 web1 nginx[3]: 192.0.2.3 - u1":            "u1",
		"<134>1 - web1 nginx - - - 192.0.2.3 - u1":                          "u1",
		`<134>1 2025-11-10T12:11:55Z web1 nginx 12 - [a@1 b="c d]"][e] 192.0.2.3 - u1`: "u1",
		`<134>1 2025-11-10T12:11:55Z web1 nginx 12 - [a@1 b="c 192.0.2.3 - u1`:         "",
		"Nov 10 12:11:55 web1 docker[3]: web_1  | 192.0.2.3 - u1":                      "u1",
		"web-1  | 2025-11-10T12:11:55.1Z 192.0.2.3 - u1":                               "u1",
		"[pod/web-7c/nginx] 2025-11-10T12:11:55.1Z 192.0.2.3 - -":                      "-",
		"2025-10-10T18:42:07.123456789Z stdout P 192.0.2.3 - u1":                       "",
	} {
		user, ok := who([]byte(head))
		got := string(user)
		if ok && got == "" {
			got = "-"
		}
		if !ok {
			got = ""
		}
		if got != want {
			t.Errorf("%s: %q, want %q", head, got, want)
		}
	}
}

// TestNoAccountThatNobodyHas inserts, drops and exchanges fields of the head: what is read
// of such a line is an account that a line holds, nobody, or a reject. Behind what a shipper
// puts before it, the server's own fields are exchanged: the host of a syslog is as good a
// word as an account.
func TestNoAccountThatNobodyHas(t *testing.T) {
	own := []string{
		"192.0.2.3 - u1", "ent.exemple.fr:443 192.0.2.3 - u1", "192.0.2.10, 198.51.100.4 - u1",
		`"192.0.2.10, 198.51.100.4" 192.0.2.3 - u1`, "192.0.2.9 10.0.0.1 - u1",
	}
	shipped := []string{
		"", "Nov 10 12:11:55 10.10.1.13 nginx: ", "2025-10-10T18:42:07.1Z stdout F ",
		"Nov 10 12:11:55.123 web1 nginx[3]: ", "<134>1 - web1 nginx - - - ",
		`<134>1 2025-11-10T12:11:55Z web1 nginx 12 - [a@1 b="c d"] `, "2025-11-10 12:11:55 ",
		"web-1  | 2025-11-10T12:11:55.1Z ", "Nov 10 12:11:55 web1 docker[3]: web_1  | ", "[pod/web-7c/nginx] ",
	}
	foreign := []string{"-", "192.0.2.9", "ent.exemple.fr", "8080", "12:11:55", "A1B2C3", "/portail", `"x"`, "Nov",
		"nginx:", "", "[x]", "u1"}
	r := rand.New(rand.NewPCG(1, 2))
	for range 200_000 {
		fields := strings.Split(own[r.IntN(len(own))], " ")
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
		head := shipped[r.IntN(len(shipped))] + strings.Join(fields, " ")
		if user, ok := who([]byte(head)); ok && len(user) > 0 && string(user) != "-" && string(user) != "u1" {
			t.Fatalf("%s: account %q, which no line holds", head, user)
		}
	}
}
