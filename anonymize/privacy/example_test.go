package privacy_test

import (
	"fmt"
	"strconv"

	"github.com/entscope/entscope/anonymize/privacy"
)

// What a bound promises, in words for an officer.
func ExampleOf() {
	rule, ok := privacy.Of(privacy.TEqual)
	if !ok {
		return
	}
	number := func(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
	fmt.Println(privacy.Fill(rule.Promise.English, number, 0.2, 0, ""))
	fmt.Println(rule.Admits(0.2, 0), rule.Admits(2, 0), rule.AtLeast)
	// Output:
	// a distance t of at most 0.2
	// true false false
}
