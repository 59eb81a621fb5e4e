// A webhook as one would write it in Go with nothing but the standard library, to measure Portcullis against.
//
// It decides as Portcullis does where policies and grants are known and never change: there is no cluster behind it, so it
// watches nothing and asks nobody. It reads the fields that matter, finds the profile of each container, looks it up in the
// policies that the user or the service account may use, and answers with a patch or a refusal.
//
// usage: peer ADDRESS CERTIFICATE KEY POLICIES.json
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strings"
	"time"
)

const (
	podKey       = "seccomp.security.alpha.kubernetes.io/pod"
	containerKey = "container.seccomp.security.alpha.kubernetes.io/"
	mostBytes    = 3 << 20
)

type policy struct {
	Name    string   `json:"name"`
	Allowed []string `json:"allowed"`
	Groups  []string `json:"groups"`
}

type profile struct {
	Type             string  `json:"type"`
	LocalhostProfile *string `json:"localhostProfile,omitempty"`
}

type securityContext struct {
	SeccompProfile *profile `json:"seccompProfile,omitempty"`
}

type container struct {
	Name            string           `json:"name"`
	SecurityContext *securityContext `json:"securityContext,omitempty"`
}

type pod struct {
	Metadata struct {
		Annotations map[string]string `json:"annotations"`
	} `json:"metadata"`
	Spec struct {
		ServiceAccountName string           `json:"serviceAccountName"`
		SecurityContext    *securityContext `json:"securityContext,omitempty"`
		InitContainers     []container      `json:"initContainers"`
		Containers         []container      `json:"containers"`
	} `json:"spec"`
}

type request struct {
	UID       string `json:"uid"`
	Namespace string `json:"namespace"`
	Operation string `json:"operation"`
	UserInfo  struct {
		Username string   `json:"username"`
		Groups   []string `json:"groups"`
	} `json:"userInfo"`
	Object pod `json:"object"`
}

type status struct {
	Message string `json:"message"`
	Code    int    `json:"code"`
}

type response struct {
	UID       string  `json:"uid"`
	Allowed   bool    `json:"allowed"`
	Status    *status `json:"status,omitempty"`
	PatchType string  `json:"patchType,omitempty"`
	Patch     []byte  `json:"patch,omitempty"`
}

type review struct {
	APIVersion string    `json:"apiVersion"`
	Kind       string    `json:"kind"`
	Request    *request  `json:"request,omitempty"`
	Response   *response `json:"response,omitempty"`
}

type operation struct {
	Op    string      `json:"op"`
	Path  string      `json:"path"`
	Value interface{} `json:"value"`
}

// fieldOf is what an annotation's value means as a field; nil for a name that is none.
func fieldOf(name string) *profile {
	switch {
	case name == "runtime/default" || name == "docker/default":
		return &profile{Type: "RuntimeDefault"}
	case name == "unconfined":
		return &profile{Type: "Unconfined"}
	case strings.HasPrefix(name, "localhost/") && len(name) > len("localhost/"):
		path := strings.TrimPrefix(name, "localhost/")
		if strings.HasPrefix(path, "/") {
			return nil
		}
		for _, element := range strings.Split(path, "/") {
			if element == ".." {
				return nil
			}
		}
		return &profile{Type: "Localhost", LocalhostProfile: &path}
	}
	return nil
}

func nameOf(p *profile) string {
	switch {
	case p.Type == "RuntimeDefault":
		return "runtime/default"
	case p.Type == "Unconfined":
		return "unconfined"
	case p.Type == "Localhost" && p.LocalhostProfile != nil:
		return "localhost/" + *p.LocalhostProfile
	}
	return ""
}

type webhook struct{ policies []policy }

func (p *policy) allows(name string) bool {
	for _, entry := range p.Allowed {
		if entry == "*" || entry == name ||
			strings.HasSuffix(entry, "/*") && strings.HasPrefix(name, strings.TrimSuffix(entry, "*")) {
			return true
		}
	}
	return false
}

func (p *policy) usable(groups []string) bool {
	for _, granted := range p.Groups {
		for _, group := range groups {
			if granted == group {
				return true
			}
		}
	}
	return false
}

func (w *webhook) allowing(name string, groups []string) string {
	for i := range w.policies {
		if w.policies[i].allows(name) && w.policies[i].usable(groups) {
			return w.policies[i].Name
		}
	}
	return ""
}

func (w *webhook) decide(r *request) *response {
	patch := []operation{}
	annotations := r.Object.Metadata.Annotations
	spec := &r.Object.Spec
	if spec.SecurityContext == nil {
		spec.SecurityContext = &securityContext{}
		patch = append(patch, operation{"add", "/spec/securityContext", struct{}{}})
	}
	podProfile := spec.SecurityContext.SeccompProfile
	if podProfile == nil {
		name, named := annotations[podKey]
		if !named {
			name = "runtime/default"
		}
		if podProfile = fieldOf(name); podProfile == nil {
			return refused(r, fmt.Sprintf("metadata.annotations[%s]: %q is no profile", podKey, name))
		}
		patch = append(patch, operation{"add", "/spec/securityContext/seccompProfile", podProfile})
	}
	used := ""
	judge := func(kind string, containers []container) *response {
		for i := range containers {
			c := &containers[i]
			effective := podProfile
			if c.SecurityContext != nil && c.SecurityContext.SeccompProfile != nil {
				effective = c.SecurityContext.SeccompProfile
			} else if name, named := annotations[containerKey+c.Name]; named {
				if effective = fieldOf(name); effective == nil {
					return refused(r, fmt.Sprintf("metadata.annotations[%s]: %q is no profile", containerKey+c.Name, name))
				}
				path := fmt.Sprintf("/spec/%s/%d/securityContext", kind, i)
				if c.SecurityContext == nil {
					patch = append(patch, operation{"add", path, securityContext{effective}})
				} else {
					patch = append(patch, operation{"add", path + "/seccompProfile", effective})
				}
			}
			by := w.allowing(nameOf(effective), r.UserInfo.Groups)
			if by == "" {
				return refused(r, fmt.Sprintf("container %q may not run under %s", c.Name, nameOf(effective)))
			}
			if !strings.Contains(","+used+",", ","+by+",") {
				used = strings.TrimPrefix(used+","+by, ",")
			}
		}
		return nil
	}
	if no := judge("initContainers", spec.InitContainers); no != nil {
		return no
	}
	if no := judge("containers", spec.Containers); no != nil {
		return no
	}
	if annotations == nil {
		patch = append(patch, operation{"add", "/metadata/annotations", struct{}{}})
	}
	if annotations["portcullis.dev/policy"] != used {
		patch = append(patch, operation{"add", "/metadata/annotations/portcullis.dev~1policy", used})
	}
	answer := &response{UID: r.UID, Allowed: true}
	if len(patch) > 0 {
		answer.PatchType = "JSONPatch"
		answer.Patch, _ = json.Marshal(patch)
	}
	return answer
}

func refused(r *request, why string) *response {
	return &response{UID: r.UID, Status: &status{why, http.StatusForbidden}}
}

func (w *webhook) ServeHTTP(out http.ResponseWriter, in *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(out, in.Body, mostBytes))
	if err != nil {
		http.Error(out, err.Error(), http.StatusRequestEntityTooLarge)
		return
	}
	var asked review
	if err := json.Unmarshal(body, &asked); err != nil || asked.Request == nil {
		http.Error(out, "no AdmissionReview", http.StatusBadRequest)
		return
	}
	answer, err := json.Marshal(review{APIVersion: asked.APIVersion, Kind: asked.Kind, Response: w.decide(asked.Request)})
	if err != nil {
		http.Error(out, err.Error(), http.StatusInternalServerError)
		return
	}
	out.Header().Set("Content-Type", "application/json")
	_, _ = out.Write(answer)
}

func main() {
	w := &webhook{}
	text, err := os.ReadFile(os.Args[4])
	if err == nil {
		err = json.Unmarshal(text, &w.policies)
	}
	if err != nil {
		log.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/mutate", w)
	mux.HandleFunc("/readyz", func(out http.ResponseWriter, _ *http.Request) { fmt.Fprint(out, "ok") })
	server := &http.Server{Addr: os.Args[1], Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	log.Fatal(server.ListenAndServeTLS(os.Args[2], os.Args[3]))
}
