package flow_test

import (
	"fmt"
	"os"
	"testing/fstest"

	"github.com/entscope/entscope/anonymize/flow"
)

// Statements say what they make and read; the graph says in which order they run.
func ExampleRead() {
	files := fstest.MapFS{
		"sql/late.sql": {Data: []byte(`-- table: late
-- reads: visit
-- args: evening
-- grain: one row per person
-- columns: person_key, visits
-- Whose visits begin in the evening?
SELECT person_key, COUNT(*) AS visits FROM visit WHERE local_hour >= :evening GROUP BY person_key
`)},
		"sql/evening.sql": {Data: []byte(`-- answer:
-- reads: late
-- grain: one row
-- columns: persons
-- How many are they?
SELECT COUNT(*) AS persons FROM late
`)},
		"sql/visit.sql": {Data: []byte(`-- table: visit
-- reads: event
-- grain: one row per visit
-- columns: person_key, local_hour
-- When does a visit begin?
SELECT person_key, MIN(local_hour) AS local_hour FROM event GROUP BY person_key
`)},
	}
	g, err := flow.Read(files, "sql", []string{"event"})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := g.WriteText(os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// sources: event
	//  1 visit (visit.sql); one row per visit
	//      reads event
	//  2 late (late.sql); one row per person
	//      reads visit
	//  ? evening; one row
	//      reads late
}
