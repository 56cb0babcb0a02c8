package policy_test

import (
	"fmt"

	"github.com/entscope/entscope/anonymize/policy"
)

// A policy says all its faults at once, each with its line.
func ExampleParse() {
	_, err := policy.Parse([]byte(`k = 1
recoding = "zip"
[[quasi_identifier]]
name = "age"
wieght = 2
`))
	fmt.Println(err)
	// Output:
	// unusable policy: line 5: quasi_identifier 1 (age) has no key "wieght"; did you mean "weight"?
	// unusable policy: line 2: recoding "zip" is not one of full-domain, cell
}
