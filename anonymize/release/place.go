package release

// A place is what a census keeps of the persons of one school, or of one grade level in
// it: the smallest of whom somebody at the school can name all. Each falls into one of its
// slots by who they are, and adds what is known of them. Between two censuses no more slots
// differ than persons have changed, so that few who changed are never taken for many; two
// who share a slot are taken for one. Of how many persons there are it says nothing beyond
// the slots that are empty, and its size is the same for all.
type place [placeSlots]uint16

const (
	// placeSlots is large beside the least number of persons that may change: of 20
	// who changed, 15 slots differ on average.
	placeSlots = 32
	// placeBytes is a place in a census, with its key.
	placeBytes = 8 + 2*placeSlots
)

// add puts a person with their content in the place.
func (p *place) add(person, content uint64) {
	h := mix(mix(person) ^ content)
	p[mix(person)%placeSlots] += uint16(h>>48) | 1 // never nothing
}

// differences counts the slots in which two places differ.
func (p place) differences(o place) (n int) {
	for i := range p {
		if p[i] != o[i] {
			n++
		}
	}
	return n
}
