{{/* The ConfigMaps that a kustomization makes of files. */}}
{{- define "portcullis.configMaps" -}}
{{- $kustomization := fromYaml (include "portcullis.file" (dict "root" .root "file" (printf "%s/kustomization.yaml" .directory))) -}}
{{- range $generator := $kustomization.configMapGenerator -}}
{{-   $data := dict -}}
{{-   range $file := $generator.files -}}
{{-     $name := splitn "=" 2 $file -}}
{{-     $_ := set $data $name._0 (include "portcullis.file" (dict "root" $.root "file" (printf "%s/%s" $.directory $name._1))) -}}
{{-   end -}}
{{-   $metadata := dict "name" $generator.name "namespace" $.namespace "labels" $kustomization.generatorOptions.labels -}}
{{-   with $kustomization.generatorOptions.annotations }}{{ $_ := set $metadata "annotations" . }}{{ end -}}
{{-   include "portcullis.print" (dict "root" $.root "object" (dict "apiVersion" "v1" "kind" "ConfigMap" "metadata" $metadata "data" $data)) -}}
{{- end -}}
{{- end -}}
