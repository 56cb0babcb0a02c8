package anonymize

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/pseudonym"
)

// salted are the study keys of one master key under two salts.
func salted(t *testing.T) (*pseudonym.StudyKey, *pseudonym.StudyKey) {
	t.Helper()
	master := testMaster(t)
	one, err := master.Study("test", "2025-2026", [32]byte{1})
	if err != nil {
		t.Fatal(err)
	}
	other, err := master.Study("another purpose", "2025-2026", [32]byte{2})
	if err != nil {
		t.Fatal(err)
	}
	return one, other
}

// resalted is a region as another salt keys its persons.
func (g *region) resalted() *region {
	return &region{
		people: resalt(g.people), accounts: resalt(g.accounts), memberships: resalt(g.memberships),
		links: resalt(g.links), schools: g.schools, publications: g.publications,
		accompaniment: resalt(g.accompaniment), events: resalt(g.events), equipment: resalt(g.equipment),
		messages: resalt(g.messages), contents: g.contents, settings: g.settings, reportBooks: resalt(g.reportBooks),
		procedures: resalt(g.procedures), loans: resalt(g.loans), training: g.training, meetings: resalt(g.meetings),
	}
}

// resalt gives the persons of rows other keys, of which the record keys stay.
func resalt[T any](rows []T) []T {
	out := slices.Clone(rows)
	for i := range out {
		row := reflect.ValueOf(&out[i]).Elem()
		for _, name := range []string{
			"PersonKey", "FamilyKey", "AccountKey", "ChildKey", "GuardianKey", "SenderKey", "RecipientKey",
		} {
			if f := row.FieldByName(name); f.IsValid() && f.Int() != 0 {
				f.SetInt(f.Int()*-0x61c8864680b583eb&^0xffffffff | f.Int()&0xffffffff)
			}
		}
	}
	return out
}

// releasedRows are the rows of a table of cells, in an order of their own and without the
// identifiers of clusters, which are drawn anew for each edition.
func releasedRows[T any](t *testing.T, dir, table string) (rows []string) {
	t.Helper()
	for _, r := range rowsOf[T](t, dir, table) {
		v := reflect.ValueOf(&r).Elem()
		if f := v.FieldByName("Cluster"); f.IsValid() {
			f.SetZero()
		}
		rows = append(rows, fmt.Sprintf("%+v", r))
	}
	slices.Sort(rows)
	return rows
}

// A copy of a study draws no noise, no cluster and no matched pair of its own: whoever holds
// its editions too has nothing to average.
func TestCopiesSayTheSame(t *testing.T) {
	b := baseEditions(t)
	one, other := salted(t)
	again, againSchools := b.beside(t, b.region.resalted(), func(o *Options) { o.Key = other })
	if b.options.Key.ID() != one.ID() {
		t.Fatal("the editions are under another salt")
	}
	research, schools := map[string]func(string) []string{
		edition.TableSums:  func(dir string) []string { return releasedRows[edition.SumRow](t, dir, edition.TableSums) },
		edition.TableTimes: func(dir string) []string { return releasedRows[edition.TimeRow](t, dir, edition.TableTimes) },
		edition.TableWeeks: func(dir string) []string { return releasedRows[edition.WeekRow](t, dir, edition.TableWeeks) },
	}, map[string]func(string) []string{
		edition.TableSchoolMeasures: func(dir string) []string {
			return releasedRows[edition.SchoolRow](t, dir, edition.TableSchoolMeasures)
		},
	}
	for _, e := range []struct {
		first, second string
		of            map[string]func(string) []string
	}{{b.research, again, research}, {b.schools, againSchools, schools}} {
		for table, of := range e.of {
			a, b := of(e.first), of(e.second)
			if len(a) == 0 {
				t.Errorf("%s has no row", table)
			}
			differ := 0
			for _, row := range a {
				if _, same := slices.BinarySearch(b, row); !same {
					if differ++; differ <= 3 {
						t.Log(table, strings.TrimSpace(row))
					}
				}
			}
			if differ > 0 || len(a) != len(b) {
				t.Errorf("%s: %d of %d rows stand in no row of the copy, which has %d", table, differ, len(a), len(b))
			}
		}
	}
}
