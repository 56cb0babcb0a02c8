package uportal

import (
	"bytes"
	"flag"
	"testing"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/formattest"
)

var update = flag.Bool("update", false, "write the goldens")

func format(t testing.TB) *Format {
	t.Helper()
	var names, classes ingest.Names
	names.Add("Pronote", ingest.Meaning{Service: ingest.ServiceSchoolLife})
	names.Add("Webclasseur", ingest.Meaning{Service: ingest.ServiceGuidance})
	names.Add("SconetNotes", ingest.Meaning{Service: ingest.ServiceGrades})
	classes.Add("ENTEleve", ingest.Meaning{Profile: ingest.ProfilePupil})
	classes.Add("ENTAuxPersRelEleve", ingest.Meaning{Profile: ingest.ProfileParent})
	return New(Options{Clock: formattest.Clock(t, "Europe/Paris"), Names: &names, Classes: &classes})
}

func TestLines(t *testing.T) {
	r := formattest.Decode(t, format(t), formattest.Excerpt(t, "stats.log"))
	formattest.Check(t, r)
	formattest.Golden(t, "stats", r, *update)
}

// TestSchoolNamesStay: the part of an fname that names a school is neither in
// an event nor in the counts of unknown names.
func TestSchoolNamesStay(t *testing.T) {
	r := formattest.Decode(t, format(t), formattest.Excerpt(t, "stats.log"))
	for shape := range r.Counts.Unknown {
		if bytes.ContainsAny([]byte(shape), "_") {
			t.Errorf("unknown %q", shape)
		}
	}
}

func TestBadInput(t *testing.T) {
	at := func(time string) string {
		return time + ",523\tnetocentre3\tCTARG\tENTEleve\t4179\tF0900ixy\tPronote_X\t1\t2\t0280036M\t1001\n"
	}
	formattest.BadInput(t, format(t), formattest.Sample{
		Valid: at("2025-09-15 08:00:00"), Old: at("1970-01-01 08:00:00"), Future: at("2999-01-01 08:00:00"),
		Gap: at("2025-03-30 02:30:00"), Overlap: at("2025-10-26 02:30:00"), Separator: "\t",
	})
}

func FuzzDecode(f *testing.F) {
	for _, line := range bytes.SplitAfter(formattest.Excerpt(f, "stats.log"), []byte("\n")) {
		f.Add(line)
	}
	form := format(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		formattest.Fuzz(t, form, data)
	})
}

// TestExchange: see formattest.Exchange. The portal and the fname are words like an account.
func TestExchange(t *testing.T) {
	for name, end := range map[string]string{
		"SSTART": "SSTART\tENTEleve\t4179\tF0900ixy\t0280036M\t1001",
		"CTARG":  "CTARG\tENTEleve\t4179\tF0900ixy\tPronote_X\t1\t2\t0280036M\t1001",
		"CCALL":  "CCALL_EXT\tENTEleve\t4179\tF0900ixy\tPronote_X\t0280036M\t1001",
	} {
		t.Run(name, func(t *testing.T) {
			formattest.Exchange(t, format(t), formattest.Line{
				Text: "2025-09-15 08:00:00,523\tnetocentre3\t" + end, Separator: "\t", Account: "F0900ixy",
				Alike: []string{"netocentre3", "Pronote_X", "1001"},
			})
		})
	}
}
