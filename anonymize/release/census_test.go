package release

import (
	"testing"

	"github.com/entscope/entscope/ingest/register"
)

// TestCensusSeesEveryRegister: an edition made again with one line less in a register of persons is an edition
// of other persons, which only a census that reads that register can know. Each field that names somebody is asked for.
func TestCensusSeesEveryRegister(t *testing.T) {
	asked := map[string]int{}
	list, err := folder("told")
	if err != nil {
		t.Fatal(err)
	}
	for _, of := range list {
		for _, table := range of.Reads {
			asked[table]++
		}
	}
	for _, r := range register.All() {
		names := 0
		for _, f := range r.Fields {
			switch f.Type {
			case register.Parent, register.Pupil, register.Person:
				names++
			}
		}
		if asked[r.Name] != names {
			t.Errorf("%s names persons in %d fields, and the census asks for %d: its statement belongs in "+
				"release/sql/told", r.Name, names, asked[r.Name])
		}
	}
}
