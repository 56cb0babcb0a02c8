package grade_test

import (
	"fmt"

	"github.com/entscope/entscope/ingest/grade"
)

// The levels of a school, however a product spells them.
func ExampleLevel() {
	for _, label := range []string{"6EME", "Sixième", "CM2", "Terminale générale", "unknown"} {
		fmt.Printf("%q ", grade.Level(label))
	}
	fmt.Println(grade.OfMEF("10010012110"))
	// Output:
	// "6e" "6e" "CM2" "Tle" "" 6e
}
