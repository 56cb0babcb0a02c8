package hierarchy_test

import (
	"fmt"

	"github.com/entscope/entscope/anonymize/hierarchy"
)

// Ages by five years, then by ten; what is 18 or more is one class.
func ExampleIntervals() {
	adult := 18.0
	ages, err := hierarchy.Intervals{Widths: []float64{5, 10}, Top: &adult}.Build([]string{"11", "14", "17", "42"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for level := range ages.MaxLevel() + 1 {
		child, _ := ages.Value(level, "11")
		grown, _ := ages.Value(level, "42")
		fmt.Println(level, child, grown)
	}
	// Output:
	// 0 11 42
	// 1 [10, 15[ >=18
	// 2 [10, 20[ >=18
	// 3 * *
}
