package shibboleth

import (
	"strings"
	"testing"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/formattest"
)

const (
	v3 = "20251026T013005Z|urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect|_req|https://sp.example.fr|" +
		"http://shibboleth.net/ns/profiles/saml2/sso/browser|https://idp.example.fr|urn:binding|_resp1|p.dupont|" +
		"urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport|eduPersonAffiliation,mail,|nameid|_assert|"
	v4 = "172.20.1.2|2025-10-26T01:29:26.925677Z|2025-10-26T01:30:05.078869Z|p.dupont|https://sp.example.fr|_id1|" +
		"password|2025-10-26T01:30:00Z|mail|nameid|transient|false||AES|redirect|post|sso|" +
		"urn:oasis:names:tc:SAML:2.0:status:Success||hash|Mozilla/5.0 (iPhone; a|b)"
	sp = "2025-10-26 " +
		"02:30:05|Shibboleth-TRANSACTION.Login|p.dupont|_s|https://idp.example.fr|_id1|password|2025-10-26T01:30:00|" +
		"mail(1)|nameid|post||urn:oasis:names:tc:SAML:2.0:status:Success|||Mozilla/5.0 (Windows NT 10.0)|1.2.3.4"
)

func format(t testing.TB, layout string) *Format {
	t.Helper()
	f, err := New(Options{Clock: formattest.Clock(t, "Europe/Paris"), Layout: layout})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestRecord(t *testing.T) {
	const noon = 1761442205000 // 2025-10-26T01:30:05Z
	tests := []struct {
		name, line, old, new string
		layout               string
		ts                   int64
		action               ingest.Action
		device               ingest.Device
		rule                 ingest.Rule
		reason               ingest.Reason
	}{
		{name: "v3", line: v3, ts: noon, action: ingest.ActionLogin},
		{name: "v3, nobody", line: v3, old: "p.dupont", rule: ingest.RuleAnonymous},
		{name: "v3, SP that is no URL", line: v3, old: "https://sp.example.fr", new: "pronote", ts: noon,
			action: ingest.ActionLogin},
		{name: "v3, no such day", line: v3, old: "20251026", new: "20250231", reason: ingest.ReasonTimestamp},
		{name: "v3, cut short", line: v3,
			old: "|urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport|eduPersonAffiliation,mail,|" +
				"nameid|_assert|", reason: ingest.ReasonFields},
		{name: "v4", line: v4, ts: noon + 78, action: ingest.ActionLogin, device: ingest.DevicePhone},
		{name: "v4, signed in before", line: v4, old: "|false|", new: "|true|", ts: noon + 78,
			action: ingest.ActionAccess, device: ingest.DevicePhone},
		{name: "v4, refused", line: v4, old: "status:Success", new: "status:Responder", ts: noon + 78,
			action: ingest.ActionLoginFailed, device: ingest.DevicePhone},
		{name: "v4, passive", line: v4, old: "status:Success|",
			new: "status:Responder|urn:oasis:names:tc:SAML:2.0:status:NoPassive", rule: ingest.RuleNotActivity},
		{name: "v4, refused, nobody", line: strings.Replace(v4, "|p.dupont|", "||", 1), old: "status:Success",
			new: "status:Responder", rule: ingest.RuleAnonymous},
		{name: "sp, refused", line: sp, old: "status:Success", new: "status:Responder", ts: noon - 3_600_000,
			action: ingest.ActionLoginFailed, device: ingest.DeviceComputer},
		{name: "v4, monitor", line: v4, old: "Mozilla", new: "Zabbix", rule: ingest.RuleHealth},
		{name: "v4, far future", line: v4, old: "2025-10-26T01:30:05", new: "2999-10-26T01:30:05",
			reason: ingest.ReasonTimeRange},
		{name: "own layout", line: "p.dupont;2025-10-26T01:30:05Z", layout: "%u;%T", ts: noon,
			action: ingest.ActionLogin},
		// the first of two
		{name: "sp", line: sp, ts: noon - 3_600_000, action: ingest.ActionLogin, device: ingest.DeviceComputer},
		{name: "sp, logout", line: sp, old: "TRANSACTION.Login", new: "TRANSACTION.Logout", ts: noon - 3_600_000,
			action: ingest.ActionLogout, device: ingest.DeviceComputer},
		{name: "sp, request", line: sp, old: "TRANSACTION.Login", new: "TRANSACTION.AuthnRequest",
			rule: ingest.RuleNotActivity},
		{name: "sp, unknown", line: sp, old: "TRANSACTION.Login", new: "TRANSACTION.Hello",
			reason: ingest.ReasonUnknownValue},
		{name: "sp, hour left out", line: sp, old: "2025-10-26 02", new: "2025-03-30 02", reason: ingest.ReasonTimeGap},
		{name: "comment", line: "# x", rule: ingest.RuleComment},
		{name: "prose", line: "hello", reason: ingest.ReasonFields},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if !strings.Contains(tt.line, tt.old) {
				t.Fatal("nothing to change")
			}
			r := formattest.Decode(t, format(t, tt.layout), []byte(strings.Replace(tt.line, tt.old, tt.new, 1)))
			formattest.Check(t, r)
			c := r.Counts
			if c.Read != 1 || c.Ignored[tt.rule] != c.Skipped() || c.Rejects[tt.reason] != c.Rejected() ||
				(c.Events == 1) != (tt.rule == "" && tt.reason == "") {
				t.Fatalf("%+v", c)
			}
			if c.Events == 0 {
				return
			}
			if e := r.Events[0]; e.TsMs != tt.ts || e.Action != tt.action || e.Device != tt.device ||
				string(e.Account) != "p.dupont" {
				t.Errorf("%+v", e)
			}
		})
	}
}

func TestLayoutFaults(t *testing.T) {
	clock := formattest.Clock(t, "Europe/Paris")
	for _, layout := range []string{"T|%u", "%T%u", "%T|%", "%T|%SP", "%u|%SP", strings.Repeat("%T|", 60) + "%u"} {
		if _, err := New(Options{Clock: clock, Layout: layout}); err == nil {
			t.Errorf("%q accepted", layout)
		}
	}
}

func TestBadInput(t *testing.T) {
	for name, test := range map[string]struct{ line, date, old, future string }{
		"v3": {v3, "20251026T013005Z", "19700101T013005Z", "29990101T013005Z"},
		"v4": {v4, "2025-10-26T01:30:05", "1970-01-01T01:30:05", "2999-01-01T01:30:05"},
		"sp": {sp, "2025-10-26 02:30:05", "1970-01-01 02:30:05", "2999-01-01 02:30:05"},
	} {
		t.Run(name, func(t *testing.T) {
			at := func(date string) string { return strings.Replace(test.line, test.date, date, 1) + "\n" }
			s := formattest.Sample{Valid: at(test.date), Old: at(test.old), Future: at(test.future), Separator: "|"}
			if name == "sp" {
				s.Gap, s.Overlap = at("2025-03-30 02:30:00"), at("2025-10-26 02:30:00")
			}
			formattest.BadInput(t, format(t, ""), s)
		})
	}
}

func FuzzDecode(f *testing.F) {
	for _, line := range []string{v3, v4, sp, "# x"} {
		f.Add([]byte(line + "\n"))
	}
	form := format(f, "")
	f.Fuzz(func(t *testing.T, data []byte) { formattest.Fuzz(t, form, data) })
}

// TestExchange: see formattest.Exchange.
func TestExchange(t *testing.T) {
	for name, l := range map[string]formattest.Line{
		"v3": {Text: v3, Alike: []string{"_req", "_resp1", "_assert", "nameid", "eduPersonAffiliation,mail,"}},
		"v4": {Text: v4, Alike: []string{"AES", "redirect", "post", "nameid", "sso", "transient", "password", "_id1",
			"hash",
			"mail"}},
		"sp": {Text: sp, Alike: []string{"_s", "_id1", "nameid", "post", "password"}},
	} {
		t.Run(name, func(t *testing.T) {
			l.Separator, l.Account = "|", "p.dupont"
			formattest.Exchange(t, format(t, ""), l)
		})
	}
}
