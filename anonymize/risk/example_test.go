package risk_test

import (
	"fmt"

	"github.com/entscope/entscope/anonymize/kanon"
	"github.com/entscope/entscope/anonymize/risk"
)

// One person is alone with a town and an age, and each class tells too much.
func ExampleMeasure() {
	table := &kanon.Table{Columns: []kanon.Column{
		kanon.NewColumn("town", []string{"a", "a", "a", "b"}),
		kanon.NewColumn("age", []string{"12", "12", "12", "15"}),
		kanon.NewColumn("result", []string{"pass", "fail", "pass", "pass"}),
	}}
	r, err := risk.Measure(table, risk.Options{
		QuasiIdentifiers: []string{"town", "age"}, Sensitive: []string{"result"}, AtRiskBelow: risk.AtRiskBelow,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("k = %d, %d alone, l = %d, t = %.2f\n", r.K, r.Uniques, *r.LDistinct, *r.TEqual)
	// Output: k = 1, 1 alone, l = 1, t = 0.25
}
