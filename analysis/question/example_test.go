package question_test

import (
	"fmt"

	"github.com/entscope/entscope/analysis/question"
)

func ExampleLookup() {
	q, err := question.Lookup("L2")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(q.Question.In("fr"))
	for _, f := range q.Figures[:1] {
		fmt.Println(f.ID, f.Form, f.Measures, f.Populations)
	}
	// Output:
	// Combien de parents ne se sont jamais connectés ?
	// L2-bornes groups [never_bounds] [all_accounts]
}
