package edition

import (
	_ "embed"

	"github.com/pelletier/go-toml/v2"
)

//go:embed denominators.toml
var denominatorsText []byte

// Denominator is a population in words, in which {parents} stands for the plural noun of
// the study's subject.
type Denominator struct{ Name, FR, EN string }

// Denominators are all denominators: the house does not start when they are unsound.
var Denominators = func() []Denominator {
	var list struct{ Population []Denominator }
	if err := toml.Unmarshal(denominatorsText, &list); err != nil {
		panic(err)
	}
	return list.Population
}()
