package drawing_test

import (
	"fmt"

	"github.com/entscope/entscope/analysis/drawing"
)

// The marks of an axis are round numbers that cover the values.
func ExampleTicks() {
	fmt.Println(drawing.Ticks(0, 87, 5))
	fmt.Println(drawing.Ticks(0, 0.032, 4))
	// Output:
	// [0 20 40 60 80 100]
	// [0 0.01 0.02 0.03 0.04]
}
