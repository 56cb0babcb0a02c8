package wording_test

import (
	"fmt"

	"github.com/entscope/entscope/analysis/wording"
)

// French has a space that does not break before a colon, and inside its quotes.
func ExampleTypeset() {
	fmt.Printf("%+q\n", wording.Typeset("Mesuré : « jamais »"))
	// Output:
	// "Mesur\u00e9\u00a0: \u00ab\u00a0jamais\u00a0\u00bb"
}
