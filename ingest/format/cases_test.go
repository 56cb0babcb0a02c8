package format_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/catalog"
	"github.com/entscope/entscope/ingest/format"
	"github.com/entscope/entscope/ingest/formattest"
)

// TestCases: logs that were once misread give the accounts that they hold, with the catalog of
// entscope.
func TestCases(t *testing.T) {
	names, err := catalog.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	archive, err := txtar.ParseFile(filepath.Join("testdata", "cases.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct {
		format, urls string
		accounts     string // of the events, in their order
		nobody       int64
		check        func([]ingest.Event) bool
	}{
		"01_syslog.log":        {format: "combined", urls: "entcore", accounts: "u1 u1", nobody: 1},
		"02_vhost_no_port.log": {format: "combined", urls: "entcore", accounts: "u1", nobody: 1},
		"03_xff_chain.log":     {format: "combined", urls: "entcore", accounts: "u1001 u1001 u1002 u1003", nobody: 1},
		"04_agents.log": {format: "combined", urls: "entcore", accounts: "u01 u02 u04 u06 u08",
			check: func(events []ingest.Event) bool {
				phone := ingest.DevicePhone
				for i, want := range []ingest.Device{phone, phone, phone, ingest.DeviceComputer, phone} {
					if events[i].Device != want {
						return false
					}
				}
				return true
			}},
		"05_cas_json_headed.log": {format: "cas", accounts: "u1001 u1001", check: func(events []ingest.Event) bool {
			return events[0].TsMs/1000 == events[1].TsMs/1000 // the same record, written twice
		}},
		"06_combined_cr.log": {format: "combined", urls: "entcore", accounts: "u0 u1 u2 u3 u4"},
		"07_tomcat_common.log": {format: "combined", urls: "uportal", accounts: "u1001", nobody: 1,
			check: func(events []ingest.Event) bool { return events[0].Device == ingest.DeviceUnknown }},
		"08_moodle_fr_report.csv": {format: "moodle", accounts: "5 5 5", check: func(events []ingest.Event) bool {
			grades, portal := ingest.ServiceGrades, ingest.ServicePortal
			return events[0].Service == grades && events[1].Service == grades && events[2].Service == portal &&
				string(events[0].Child) == "C B" && string(events[1].Child) == "C B" && events[2].Child == nil
		}},
		"09_moodle_mysql_batch.tsv": {format: "moodle", accounts: "5 5 5", check: func(events []ingest.Event) bool {
			return events[0].Service == ingest.ServicePortal && events[1].Action == ingest.ActionLogin &&
				events[2].Action == ingest.ActionLogin
		}},
		"15_account_case.log":       {format: "combined", urls: "entcore", accounts: "u1 U1"}, // one with ignore_case
		"16_cas_masked_ip.log":      {format: "cas", accounts: "u1001 u1002 u1003"},
		"17_moodle_mixed_names.csv": {format: "moodle", accounts: "A B|A B|A B"},
	}
	for _, file := range archive.Files {
		t.Run(file.Name, func(t *testing.T) {
			c, ok := cases[file.Name]
			if !ok {
				t.Fatal("nothing is said of this case")
			}
			f, err := format.Lookup(c.format)
			if err != nil {
				t.Fatal(err)
			}
			made, err := f.New(format.Options{Settings: format.Settings{Map: c.urls},
				Clock: formattest.Clock(t, "Europe/Paris"), Zone: time.UTC, Catalog: names})
			if err != nil {
				t.Fatal(err)
			}
			data := file.Data
			if strings.HasSuffix(file.Name, "_cr.log") {
				data = []byte(strings.ReplaceAll(string(data), "\n", "\r"))
			}
			r := formattest.Decode(t, made, data)
			formattest.Check(t, r)
			var accounts []string
			for _, e := range r.Events {
				accounts = append(accounts, string(e.Account))
			}
			want := strings.Fields(c.accounts)
			if strings.Contains(c.accounts, "|") {
				want = strings.Split(c.accounts, "|")
			}
			if !slices.Equal(accounts, want) || r.Counts.Ignored[ingest.RuleAnonymous] != c.nobody ||
				r.Counts.Rejected() > 0 {
				t.Fatalf("accounts %q, want %q; %+v", accounts, want, r.Counts)
			}
			if c.check != nil && !c.check(r.Events) {
				t.Errorf("%+v", r.Events)
			}
		})
	}
}
