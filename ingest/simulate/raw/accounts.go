package raw

import (
	"strconv"

	"github.com/entscope/entscope/ingest/simulate/random"
	"github.com/entscope/entscope/ingest/simulate/region"
)

// accountHash separates the accounts of a person on the three systems.
func (a accounts) accountHash(p *region.Person, system int) uint64 {
	return random.Mix(a.seed, random.Names, uint64(p.Role), uint64(p.Number), uint64(system)+100)
}

// account is the account id of a person on a system.
func (a accounts) account(p *region.Person, system int) string {
	switch system {
	case region.SystemEntcore:
		return uuid(a.accountHash(p, region.SystemEntcore))
	case region.SystemUportal:
		return a.uportalUID(p)
	}
	return a.identity(p).login
}

// uportalUID is a login as the RECIA portal makes them: a letter, two digits of
// the year, a base-36 number.
func (a accounts) uportalUID(p *region.Person) string {
	return "F25" + strconv.FormatInt(p.Number*3+int64(p.Role), 36)
}

// doubled says that a parent got a second account on entcore, as after a bad
// import: some of the visits are written under it.
func (a accounts) doubled(p *region.Person) bool {
	return p.Role == region.RoleParent && p.Created < 0 &&
		random.Mix(a.seed, random.Names, uint64(p.Number), 12)%a.doubleEvery == 0
}

// entcoreAccount is the account under which a visit is written.
func (a accounts) entcoreAccount(p *region.Person, visit int32) uint64 {
	h := a.accountHash(p, region.SystemEntcore)
	if visit%2 == 1 && a.doubled(p) {
		h = random.Mix(h, 13)
	}
	return h
}

// visioAccount is the account of a person on the video service.
func (a accounts) visioAccount(p *region.Person) string {
	return "v-" + uuid(random.Mix(a.accountHash(p, region.SystemEntcore), 17))[:13]
}

// structureID is the id that entcore knows a school by.
func (a accounts) structureID(s *region.School) string {
	return uuid(random.Mix(a.seed, random.Names, uint64(s.Number), 7))
}
